import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JSONWebKeySet, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchKeySet } from '../../../../electron/policy/keys/fetch-key-set.ts';
import { readKeySet } from '../../../../electron/policy/keys/key-set.ts';
import { KeySetAddress } from '../../../../electron/policy/keys/key-set-address.ts';
import { keyFinder } from '../../../../electron/policy/keys/key-source.ts';
import { PolicyTokens } from '../../../support/policy-tokens.ts';

const code = (name: string) => expect.objectContaining({ code: name });

function scene() {
  const served = { keySet: new PolicyTokens('one').keySet as JSONWebKeySet | Error, count: 0 };
  const time = { ms: 0 };
  const address = new KeySetAddress({
    url: 'https://issuer.example/keys',
    monotonicMs: () => time.ms,
    fetch: async () => {
      served.count += 1;
      if (served.keySet instanceof Error) throw served.keySet;
      return served.keySet;
    },
  });
  const find = (kid: string) => address.find({ alg: 'RS256', kid }, { payload: '', signature: '' });
  return { served, time, find };
}

describe('the keys behind an address', () => {
  it('are fetched once, and anew after a while without making anybody wait', async () => {
    const { served, time, find } = scene();
    await Promise.all([find('one'), find('one')]);
    await find('one');
    expect(served.count).toBe(1);
    time.ms = 5 * 60_000 + 1;
    served.keySet = new PolicyTokens('two').keySet;
    await find('one');
    await expect.poll(() => served.count).toBe(2);
    await expect(find('one')).rejects.toThrow();
    await find('two');
  });

  it('are fetched anew for a key that is not among them, but not again and again', async () => {
    const { served, time, find } = scene();
    await find('one');
    for (let i = 0; i < 5; i++) await expect(find('unknown')).rejects.toThrow();
    expect(served.count).toBe(1);
    time.ms = 30_000;
    served.keySet = new PolicyTokens('two').keySet;
    await find('two');
    expect(served.count).toBe(2);
  });

  it('count for an hour while the address does not answer, and then no more', async () => {
    const { served, time, find } = scene();
    await find('one');
    served.keySet = new Error('gone');
    time.ms = 60 * 60_000;
    await find('one');
    time.ms += 1;
    await expect(find('one')).rejects.toEqual(code('policy/key-unreachable'));
    served.keySet = new PolicyTokens('one').keySet;
    time.ms += 30_000;
    await find('one');
  });

  it('are none where the address never answered', async () => {
    const { served, find } = scene();
    served.keySet = new Error('gone');
    await expect(find('one')).rejects.toEqual(code('policy/key-unreachable'));
  });
});

describe('an answer of an address', () => {
  async function serve(listener: RequestListener): Promise<URL> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
  }
  const { keySet } = new PolicyTokens();

  it('is a JWK set', async () => {
    expect(await fetchKeySet(await serve((_, response) => response.end(JSON.stringify(keySet))), undefined)).toEqual(
      keySet,
    );
  });

  it.each<[string, RequestListener]>([
    ['that is none', (_, response) => response.end('<html>')],
    [
      'without end',
      (_, response) => {
        const more = () => response.write(Buffer.alloc(65_536), () => response.destroyed || more());
        more();
      },
    ],
    ['that leads elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['that is an error', (_, response) => response.writeHead(500).end(JSON.stringify(keySet))],
  ])('%s is refused', async (_, listener) => {
    await expect(fetchKeySet(await serve(listener), undefined)).rejects.toThrow();
  });
});

describe('what is no public key', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each([
    '{}',
    '{"keys":[]}',
    'null',
    'x',
    JSON.stringify({ keys: [pair.privateKey.export({ format: 'jwk' })] }),
    '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}',
  ])('%s', (text) => expect(() => readKeySet(text)).toThrow(code('policy/key-invalid')));

  it('a private key, which would be left lying open', () =>
    expect(() => keyFinder({ kind: 'pem', pem: privatePem })).toThrow(code('policy/key-invalid')));
});

it('a token of another kind of key than it says is by none', async () => {
  const tokens = new PolicyTokens();
  const find = keyFinder({ kind: 'jwk-set', keySet: tokens.keySet });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: tokens.keyId }).sign(privateKey);
  const [, payload = '', signature = ''] = token.split('.');
  await expect(find({ alg: 'ES256', kid: tokens.keyId }, { payload, signature })).rejects.toThrow();
});

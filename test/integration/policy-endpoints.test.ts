// The endpoints over real HTTP, asked as mosquitto-go-auth asks them, and as nobody should.

import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../electron/platform/log.ts';
import { PolicyListener } from '../../electron/policy/service/listener.ts';
import { asGoAuth, rulesFrom, send, startPolicyService } from '../support/policy-service.ts';
import { plantRules, policyText } from '../support/policy-tokens.ts';
import { SeededRandom } from '../support/seeded-random.ts';

type Service = Awaited<ReturnType<typeof startPolicyService>>;
let service: Service;
let writer: string;
let reader: string;
let admin: string;

beforeAll(async () => {
  service = await startPolicyService();
  const { tokens } = service;
  writer = await tokens.sign({ sub: 'writer', scope: 'mqtt.write' });
  reader = await tokens.sign({ sub: 'reader', scope: ['mqtt.read'] });
  admin = await tokens.sign({ sub: 'ada', groups: ['/admins'] });
});
afterAll(() => service.close());

const allowed = { status: 200, ok: true };
const denied = { status: 403, ok: false };

describe.each(['json', 'form'] as const)('asked in %s', (mode) => {
  it('lets in whoever has a token as password, and knows them by username and client id from then on', async () => {
    const ask = asGoAuth(service.port, mode);
    const client = { username: 'writer', clientid: `c-${mode}` };
    const publish = { ...client, topic: 'plant/a', acc: 2 };
    expect(await ask('/mqtt/acl', publish)).toMatchObject(denied);
    expect(await ask('/mqtt/user', { ...client, password: writer })).toMatchObject(allowed);
    expect(await ask('/mqtt/superuser', { username: client.username })).toMatchObject(denied);
    expect(await ask('/mqtt/acl', publish)).toEqual({ ...allowed, reason: 'publish: allowed by rule 1' });
    expect(await ask('/mqtt/acl', { ...publish, topic: 'plant/secret' })).toEqual({
      ...denied,
      reason: 'publish: denied by rule 3',
    });
    expect(await ask('/mqtt/acl', { ...publish, clientid: 'another' })).toMatchObject(denied);
    expect(await ask('/mqtt/acl', { ...publish, username: 'another' })).toMatchObject(denied);
  });

  it('takes the newest login of a client, and leaves it alone when another fails', async () => {
    const ask = asGoAuth(service.port, mode);
    const client = { username: 'writer', clientid: 'same' };
    const publish = { ...client, topic: 'plant/a', acc: 2 };
    await ask('/mqtt/user', { ...client, password: writer });
    await ask('/mqtt/user', { ...client, password: 'a.b.c' });
    expect(await ask('/mqtt/acl', publish)).toMatchObject(allowed);
    const lesser = await service.tokens.sign({ sub: 'writer', scope: 'mqtt.read' });
    await ask('/mqtt/user', { ...client, password: lesser });
    expect(await ask('/mqtt/acl', publish)).toMatchObject(denied);
  });

  it("lets nobody in under another's name, whose rights a remembered login would share", async () => {
    const ask = asGoAuth(service.port, mode);
    const ada = { username: 'ada', clientid: `ada-${mode}` };
    const refusal = { ...denied, reason: 'the username must be the subject of the token' };
    const publish = { topic: 'other', acc: 2 };
    // What mosquitto-go-auth would keep by name and password: it must never be a yes.
    expect(await ask('/mqtt/user', { ...ada, clientid: 'any', password: writer })).toEqual(refusal);
    expect(await ask('/mqtt/acl', { ...ada, ...publish, password: writer })).toEqual(refusal);
    expect(await ask('/mqtt/superuser', { username: 'mallory', password: admin })).toEqual(refusal);
    expect(await ask('/mqtt/user', { ...ada, password: admin })).toMatchObject(allowed);
    expect(await ask('/mqtt/user', { ...ada, password: writer })).toEqual(refusal);
    expect(await ask('/mqtt/acl', { ...ada, ...publish })).toMatchObject(allowed);
    expect(await ask('/mqtt/user', { clientid: 'c', password: writer })).toEqual(refusal);
    // In the JWT mode no name stands beside the token, and nothing is remembered by one.
    expect(await ask('/mqtt/user', { username: 'ada', clientid: 'b' }, writer)).toMatchObject(allowed);
    expect(await ask('/mqtt/acl', { username: 'ada', clientid: 'b', topic: 'plant/a', acc: 2 })).toMatchObject(denied);
  });

  it('takes the token of every question where go-auth sends it, and bodies that are null', async () => {
    const ask = asGoAuth(service.port, mode);
    expect(await ask('/mqtt/user', null, reader)).toMatchObject(allowed);
    expect(await ask('/mqtt/superuser', null, reader)).toMatchObject(denied);
    expect(await ask('/mqtt/superuser', null, admin)).toMatchObject(allowed);
    const filter = { clientid: 'c', topic: 'plant/+/b', acc: 4 };
    expect(await ask('/mqtt/acl', filter, reader)).toMatchObject(allowed);
    expect(await ask('/mqtt/acl', { ...filter, topic: 'other/#', acc: 2 }, admin)).toMatchObject(denied);
    expect(await ask('/mqtt/acl', { ...filter, topic: 'other', acc: 7 }, admin)).toEqual({
      ...allowed,
      reason: 'read: superuser, publish: superuser, subscribe: superuser',
    });
  });

  it.each([
    [1, 'plant/a', true],
    [4, 'plant/#', true],
    [5, 'plant/a', true],
    [2, 'plant/a', false],
    [3, 'plant/a', false],
    [7, 'plant/a', false],
    [0, 'plant/a', false],
    [8, 'plant/a', false],
    [9, 'plant/a', false],
    [-1, 'plant/a', false],
    [1, 'plant/secret', false],
    [4, '#', false],
    [4, 'plant/#/b', false],
    [4, 'plant/a+', false],
    [1, 'plant/+', false],
    [1, '', false],
  ])('acc %s on %s', async (acc, topic, ok) => {
    const answer = await asGoAuth(service.port, mode)('/mqtt/acl', { clientid: 'c', topic, acc }, reader);
    if (mode === 'form' && acc < 0) expect(answer.status).toBe(400);
    else expect(answer).toMatchObject(ok ? allowed : denied);
  });
});

describe('a token that is not good', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const hs256 = () => {
    const text = [{ alg: 'HS256' }, { sub: 'x', exp: now() + 60, groups: ['admins'] }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const secret = createPublicKey(service.tokens.publicPem).export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const foreign = () =>
    new SignJWT({ sub: 'x', exp: now() + 60, groups: ['admins'] })
      .setProtectedHeader({ alg: 'RS256', kid: 'test-key' })
      .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

  it.each([
    ['alg none', () => new UnsecuredJWT({ sub: 'x', exp: now() + 60, groups: ['admins'] }).encode()],
    ['HS256 under the RSA key', hs256],
    ['another key', foreign],
    ['expired', () => service.tokens.sign({ sub: 'x', groups: ['admins'], exp: now() - 1 })],
    ['not yet valid', () => service.tokens.sign({ sub: 'x', groups: ['admins'], nbf: now() + 60 })],
    ['for ever', () => service.tokens.signAsIs({ sub: 'x', groups: ['admins'] })],
    ['nobody', () => service.tokens.sign({ sub: 'x' })],
    ['no token', () => 'secret'],
    ['no password', () => ''],
    ['100 kB', () => 'x'.repeat(100_000)],
  ])('%s', async (_, make) => {
    const token = await make();
    for (const mode of ['json', 'form'] as const) {
      const ask = asGoAuth(service.port, mode);
      const answer = await ask('/mqtt/user', { username: 'bad', password: token, clientid: 'bad' });
      expect(answer).toMatchObject(denied);
      expect(answer.reason).not.toContain('x'.repeat(20));
      expect(await ask('/mqtt/acl', { username: 'bad', clientid: 'bad', topic: 'plant/a', acc: 1 })).toMatchObject(
        denied,
      );
      if (token !== '' && token.length < 20_000) {
        expect(await ask('/mqtt/user', null, token)).toMatchObject(denied);
        expect(await ask('/mqtt/superuser', null, token)).toMatchObject(denied);
      }
    }
  });
});

describe('what is no question', () => {
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  it.each([
    ['a token of 1 MB', { path: '/mqtt/user', headers: json, body: `{"password":"${'x'.repeat(2 ** 20)}"}` }, 413],
    [
      'a token of 1 MB in a header',
      { path: '/mqtt/user', headers: { authorization: `Bearer ${'x'.repeat(2 ** 20)}` } },
      431,
    ],
    ['no JSON', { path: '/mqtt/acl', headers: json, body: '{' }, 400],
    ['JSON that is a list', { path: '/mqtt/acl', headers: json, body: '[]' }, 400],
    ['text where a number should be', { path: '/mqtt/acl', headers: json, body: '{"topic":"a","acc":"x"}' }, 400],
    ['half an access', { path: '/mqtt/acl', headers: json, body: '{"topic":"a","acc":1.5}' }, 400],
    ['a number where text should be', { path: '/mqtt/acl', headers: json, body: '{"topic":1,"acc":1}' }, 400],
    ['a null topic', { path: '/mqtt/acl', headers: json, body: '{"topic":null,"acc":1}' }, 400],
    ['no topic', { path: '/mqtt/acl', headers: json, body: '{"acc":1}' }, 400],
    ['no access', { path: '/mqtt/acl', headers: form, body: 'topic=a' }, 400],
    ['nothing', { path: '/mqtt/acl' }, 400],
    ['what is inherited', { path: '/mqtt/acl', headers: json, body: '{"__proto__":{"topic":"a","acc":1}}' }, 400],
    ['a field twice', { path: '/mqtt/acl', headers: form, body: 'topic=a&acc=1&topic=b' }, 400],
    ['a broken form', { path: '/mqtt/acl', headers: form, body: 'topic=%zz&acc=1' }, 400],
    ['bytes that are no UTF-8', { path: '/mqtt/acl', headers: json, body: Buffer.from([0x7b, 0xff, 0x7d]) }, 400],
    ['another content type', { path: '/mqtt/acl', headers: { 'content-type': 'text/xml' }, body: '<a/>' }, 415],
    ['a body of no type', { path: '/mqtt/acl', body: 'topic=a&acc=1' }, 415],
    ['another path', { path: '/mqtt/users' }, 404],
    ['another method', { path: '/mqtt/user', method: 'GET' }, 405],
  ])('%s', async (_, sent, status) => {
    const answer = await send(service.port, sent);
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.allow).toBe('POST');
  });

  it('no HTTP at all', async () => {
    const socket = connect(service.port, '127.0.0.1');
    socket.write('\x10\x0c\x00\x04MQTT\r\n\r\n');
    const [chunk] = await new Promise<[Buffer]>((resolve, reject) =>
      socket.once('data', (data) => resolve([data])).once('error', reject),
    );
    expect(chunk.toString()).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });
});

it('answers a fault of its own by no, since the plugin drops its client for a 5xx', async () => {
  const check = { verify: () => Promise.reject(new TypeError('a bug')) };
  const faulty = await startPolicyService({ check });
  try {
    const answer = await asGoAuth(faulty.port, 'json')('/mqtt/user', null, 'a.b.c');
    expect(answer).toEqual({ ...denied, reason: 'the service could not answer' });
    expect(faulty.listener.counts).toEqual({ allowed: 0, denied: 1, notUnderstood: 0 });
  } finally {
    await faulty.close();
  }
});

it.each(['0.0.0.0', '::', '192.0.2.1'])('does not listen on %s without TLS', async (address) => {
  const { authorizer } = service;
  const opened = PolicyListener.open({ authorizer, logger: silentLogger, address, port: 0 });
  await expect(opened).rejects.toMatchObject({ code: 'policy/tls-required' });
});

it('forgets what it decided when the rules change', async () => {
  const { authorizer, port } = service;
  const ask = asGoAuth(port, 'json');
  const question = { clientid: 'c', topic: 'plant/a', acc: 1 };
  expect(await ask('/mqtt/acl', question, reader)).toMatchObject(allowed);
  authorizer.takeRules(rulesFrom(policyText([])));
  expect(await ask('/mqtt/acl', question, reader)).toMatchObject(denied);
  authorizer.takeRules(undefined);
  expect(await ask('/mqtt/acl', question, admin)).toMatchObject(denied);
  authorizer.takeRules(rulesFrom(plantRules));
  expect(await ask('/mqtt/acl', question, reader)).toMatchObject(allowed);
});

it('answers whatever comes, never by 5xx, and with yes to nobody without a good token', async () => {
  const random = new SeededRandom(7);
  const parts = [
    '{',
    '}',
    '[',
    '"',
    ':',
    ',',
    'null',
    '1e9',
    '-4',
    '&',
    '=',
    '%',
    '+',
    '#',
    '\\u0000',
    '\0',
    'é',
    'topic',
    'acc',
  ];
  const names = ['topic', 'acc', 'username', 'password', 'clientid', '__proto__', 'x'];
  const value = () => random.pick<unknown>(['a', '', 2, 4.5, null, true, [], {}, 'x.y.z', 2 ** 53, '#']);
  const body = () =>
    random.pick<() => string | Buffer>([
      () => random.bytes(random.below(60)),
      () => random.list(random.below(12), () => parts[random.below(parts.length)]).join(''),
      () => JSON.stringify(Object.fromEntries(names.filter(() => random.chance(0.6)).map((name) => [name, value()]))),
      () => names.map((name) => `${name}=${encodeURIComponent(String(value()))}`).join(random.pick(['&', '&&', ';'])),
    ])();
  const asks = random.list(400, () => ({
    path: random.pick(['/mqtt/user', '/mqtt/acl', '/mqtt/superuser', '/mqtt/acl?acc=2', '/mqtt/acl/', '//mqtt/acl']),
    headers: {
      'content-type': random.pick(['application/json', 'application/x-www-form-urlencoded', 'text/plain', '']),
      ...(random.chance(0.3) && { authorization: random.pick(['Bearer', 'Bearer x', 'bearer a.b.c', 'Basic eDp4']) }),
    },
    body: body(),
  }));
  const statuses = new Set<number>();
  for (const sent of asks) {
    const { status, body: answer } = await send(service.port, sent);
    statuses.add(status);
    expect([400, 403, 404, 415], JSON.stringify(sent)).toContain(status);
    expect(JSON.parse(answer)).toMatchObject({ ok: false, reason: expect.not.stringContaining('could not answer') });
  }
  expect(statuses).toContain(403);
});

import { describe, expect, it } from 'vitest';
import { createLogger, redact } from '../../../electron/platform/log.ts';
import { RecentLines } from '../../../electron/platform/recent-lines.ts';

const key = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQ',
  'EFAASCBKcwggSjAgEAAoIBAQC7',
  '-----END PRIVATE KEY-----',
];

describe('redaction', () => {
  it.each([
    'password',
    'passphrase',
    'passwd',
    'pwd',
    'passwordHash',
    'loginSecret',
    'hmac',
    'token',
    'bearerToken',
    'privateKeyPem',
    'cookie',
  ])('hides a field named %s', (name) => {
    expect(JSON.stringify(redact({ outer: [{ [name]: 'TELLTALE' }] }))).not.toContain('TELLTALE');
  });

  it.each([
    `a key ${key.join('\n')} in a text`,
    '{"password":"TELLTALE"}',
    'login with password=TELLTALE please',
    'GET /start?token=TELLTALE',
    'Cookie: voke_session_40123=TELLTALE; other=1',
    'mqtts://user:TELLTALE@broker',
    'Authorization: Bearer TELLTALE',
    '$argon2id$v=19$m=65536$TELLTALE',
    'plc-a1b2c3d4:$7$1000$c2FsdA==$TELLTALE',
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJURUxMVEFMRSJ9.TELLTALE',
  ])('hides the secret in %j', (text) => {
    const shown = String(redact(text));
    expect(shown).toContain('[redacted]');
    for (const part of ['TELLTALE', 'MIIEvQ']) expect(shown).not.toContain(part);
  });

  it('keeps what an operator needs', () => {
    const facts = { plantId: 'a1b2', port: 8883, keyId: 'abc', message: 'connected to localhost:8883' };
    expect(redact(facts)).toEqual(facts);
  });

  it('comes to an end with whatever it is given', () => {
    const circle: Record<string, unknown> = { count: 1n };
    circle.self = circle;
    const failure = Object.assign(new Error('password=TELLTALE', { cause: circle }), { code: 'token=TELLTALE' });
    const lines: string[] = [];
    createLogger((line) => lines.push(line)).error('failed', { circle, failure, bytes: new Uint8Array(3) });
    expect(lines.join('')).toContain('[circular]');
    expect(lines.join('')).not.toContain('TELLTALE');
  });
});

it('shows no line of a key in the last lines of a log', () => {
  const recent = new RecentLines();
  recent.write(`before\n${key.join('\n')}\nafter\n`);
  expect(recent.all()).toEqual(['before', '[redacted]', 'after']);
});

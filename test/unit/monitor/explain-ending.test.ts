import { expect, test } from 'vitest';
import type { BrokerConnection, SessionEnding } from '../../../electron/monitor/broker-session.ts';
import { explainEnding, mayNotSpeakVersion } from '../../../electron/monitor/explain-ending.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';

const connection: BrokerConnection = {
  host: 'broker.plant',
  port: 8883,
  servername: 'broker.plant',
  caPem: '',
  certificatePem: '',
  privateKeyPem: '',
  clientId: 'console',
  protocolVersion: 5,
};
const ending = (more: Partial<SessionEnding>): SessionEnding => ({
  reached: 'tls',
  error: undefined,
  reasonCode: undefined,
  refusedFilters: [],
  ...more,
});
const withCode = (code: string) => ending({ error: Object.assign(new Error(code), { code }) });
const explain = (value: SessionEnding) => explainEnding(value, connection);

test.each([
  // OpenSSL's and BoringSSL's names of the same alerts
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', /revoked/],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not know its authority/],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /out of date/],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /asks for a certificate/],
  ['ERR_SSL_TLSV1_CERTIFICATE_REQUIRED', /asks for a certificate/],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /refused the console's certificate/],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /no certificate or no common cipher/],
])('the alert %s is a refusal, and is asked again slowly', (code, reason) => {
  expect(explain(withCode(code))).toMatchObject({
    state: 'refused',
    pace: 'slow',
    reason: expect.stringMatching(reason),
  });
});

test.each([1, 2, 4, 5, 132, 133, 134, 135, 138, 140])('reason code %i is a refusal', (reasonCode) => {
  expect(explain(ending({ reasonCode }))).toMatchObject({ state: 'refused', pace: 'slow' });
});

test.each([3, 136, 137, 139, 141])('reason code %i passes', (reasonCode) => {
  expect(explain(ending({ reasonCode }))).toMatchObject({ state: 'disconnected', pace: 'soon' });
});

test('a broker without TLS that hangs up unheard may want TLS, or an older protocol', () => {
  const hungUp = ending({ reached: 'tcp' });
  expect(explain(hungUp)).toMatchObject({ state: 'disconnected', reason: expect.stringMatching(/without TLS/) });
  expect(mayNotSpeakVersion(hungUp)).toBe(true);
});

test('a fight over one client id is not fought at speed', () => {
  expect(explain(ending({ reached: 'subscribed', reasonCode: 142 }))).toMatchObject({
    state: 'disconnected',
    pace: 'slow',
  });
});

test("a broker that cannot be trusted is the console's no, not the broker's", () => {
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
    expect(explain(withCode(code))).toMatchObject({ state: 'disconnected', pace: 'slow' });
  }
});

test('what the network does is tried again soon, and names the place', () => {
  expect(explain(withCode('ECONNREFUSED'))).toEqual({
    state: 'disconnected',
    reason: 'broker.plant:8883 cannot be reached. Nothing listens on this port.',
    pace: 'soon',
  });
  expect(explain(ending({ reached: 'subscribed' })).pace).toBe('soon');
});

test('only an answer that fits makes the console doubt that the broker speaks MQTT 5', () => {
  expect(mayNotSpeakVersion(ending({ reasonCode: 1 }))).toBe(true);
  expect(mayNotSpeakVersion(ending({ reasonCode: 132 }))).toBe(true);
  expect(mayNotSpeakVersion(ending({ reached: 'tls' }))).toBe(true);
  expect(mayNotSpeakVersion(ending({ reached: 'nothing' }))).toBe(false);
  expect(mayNotSpeakVersion(ending({ reasonCode: 135 }))).toBe(false);
  expect(mayNotSpeakVersion(withCode('ECONNRESET'))).toBe(false);
  expect(mayNotSpeakVersion(ending({ reached: 'subscribed' }))).toBe(false);
});

test('a way to the broker that is cut is tried again soon, one that refuses the login slowly', () => {
  const cut = explain(ending({ reached: 'nothing', error: new ConsoleError('remote/connection-lost') }));
  expect(cut).toMatchObject({ state: 'disconnected', pace: 'soon', reason: expect.stringMatching(/^There is no way/) });
  const refusal = explain(ending({ reached: 'nothing', error: new ConsoleError('remote/authentication-failed') }));
  expect(refusal).toMatchObject({ state: 'refused', pace: 'slow' });
});

test('a way without a login says what is missing', () => {
  const error = new ConsoleError('input/invalid', { fields: [{ field: 'login', message: 'is needed' }] });
  expect(explain(ending({ reached: 'nothing', error })).reason).toMatch(/login is needed$/);
});

test('a broker that falls silent in the middle of a session is told from one whose connection broke', () => {
  const silent = explain(ending({ reached: 'subscribed', error: new Error('Keepalive timeout') }));
  expect(silent).toMatchObject({ state: 'disconnected', pace: 'soon' });
  expect(silent.reason).toMatch(/^broker.plant:8883 stopped answering/);
  expect(explain(ending({ reached: 'subscribed' })).reason).toMatch(/was lost/);
});

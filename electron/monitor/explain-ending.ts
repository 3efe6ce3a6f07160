// Why a session ended, in the words of an engineer. `refused` is the broker's no to this identity, or that of a host on
// the way to it.
// - In TLS 1.3 a client is connected before the broker has looked at its certificate, so the broker's alert comes
//   later, as an error of an open connection.
// - OpenSSL and Electron's BoringSSL name an alert alike in its last words only, so only these are looked at.
// - What will not mend itself in a second (a refusal, a wrong certificate) is tried again slowly.

import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import type { BrokerConnection, SessionEnding } from './broker-session.ts';

export type Explanation = {
  readonly state: 'refused' | 'disconnected';
  readonly reason: string;
  readonly pace: 'soon' | 'slow';
};

const refused = (reason: string): Explanation => ({ state: 'refused', reason, pace: 'slow' });
const untrusted = (reason: string): Explanation => ({ state: 'disconnected', reason, pace: 'slow' });
const lost = (reason: string): Explanation => ({ state: 'disconnected', reason, pace: 'soon' });

/** The broker's TLS alerts about our certificate (RFC 8446, section 6.2). */
const alerts: readonly (readonly [RegExp, string])[] = [
  [/CERTIFICATE_REVOKED/, "The broker refused the console's certificate: it is revoked."],
  [
    /ALERT_UNKNOWN_CA/,
    "The broker refused the console's certificate: it does not know its authority, or has no valid CRL of it.",
  ],
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    "The broker refused the console's certificate: the certificate or the broker's CRL is out of date by the broker's clock.",
  ],
  [/CERTIFICATE_REQUIRED/, 'The broker asks for a certificate and was shown none.'],
  [
    /(BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_UNKNOWN|ACCESS_DENIED|ALERT_DECRYPT_ERROR/,
    "The broker refused the console's certificate.",
  ],
  [/HANDSHAKE_FAILURE/, 'The broker refused the TLS handshake: no certificate or no common cipher.'],
];

/** The console's own verdict on the broker's certificate (X509 errors of Node's tls). */
const verdicts: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "The broker's certificate has expired.",
  CERT_NOT_YET_VALID: "The broker's certificate is not valid yet; check this machine's clock.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The broker's certificate does not carry this name or address.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The broker's certificate was not issued by this authority.",
  SELF_SIGNED_CERT_IN_CHAIN: "The broker's certificate was not issued by this authority.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The broker's certificate was not issued by this authority.",
  UNABLE_TO_GET_ISSUER_CERT: "The broker's certificate was not issued by this authority.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The broker's certificate was not issued by this authority.",
  CERT_SIGNATURE_FAILURE: "The broker's certificate carries a wrong signature.",
};

const networkErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens on this port.',
  ENOTFOUND: 'This host name is not known.',
  EAI_AGAIN: 'The host name could not be looked up.',
  EHOSTUNREACH: 'There is no route to this host.',
  ENETUNREACH: 'There is no route to this network.',
  ETIMEDOUT: 'The host did not answer in time.',
};

/** What stops the way to a broker and may be over in a moment; anything else needs somebody who does something. */
const passing: readonly ErrorCode[] = [
  'remote/unreachable',
  'remote/timeout',
  'remote/connection-lost',
  'remote/closed-before-login',
];

function explainWay({ code, message, fields }: ConsoleError): Explanation {
  const missing = fields.map(({ field, message: fault }) => `${field} ${fault}`);
  const reason = `There is no way to the broker over its host. ${[message, ...missing].join(' ')}`;
  return passing.includes(code) ? lost(reason) : refused(reason);
}

/** CONNACK and DISCONNECT reason codes: below 128 of MQTT 3.1.1, from 128 on of MQTT 5. */
function explainReasonCode(code: number): Explanation {
  switch (code) {
    case 1:
    case 132:
      return refused('The broker speaks neither MQTT 5 nor 3.1.1.');
    case 2:
    case 133:
      return refused('The broker refused the client id.');
    case 4:
    case 134:
      return refused('The broker refused the user name or password.');
    case 5:
    case 135:
      return refused('The broker did not authorise this identity.');
    case 138:
      return refused('The broker banned this client.');
    case 140:
      return refused('The broker asks for another authentication method.');
    case 142:
      return { ...lost('Another client connected with the same client id.'), pace: 'slow' };
    case 139:
      return lost('The broker is shutting down.');
    case 3:
    case 136:
    case 137:
      return lost('The broker is unavailable or busy.');
    case 141:
      return lost('The broker heard nothing for too long.');
    default:
      return { ...lost(`The broker ended the connection (reason code ${code}).`), pace: 'slow' };
  }
}

export function explainEnding(ending: SessionEnding, { host, port }: BrokerConnection): Explanation {
  if (ending.refusedFilters.length > 0) {
    return refused(`The broker refused the subscription to ${ending.refusedFilters.join(', ')}.`);
  }
  if (ending.error instanceof ConsoleError) return explainWay(ending.error);
  if (ending.reasonCode !== undefined) return explainReasonCode(ending.reasonCode);

  const code = errorCode(ending.error);
  const alert = alerts.find(([pattern]) => pattern.test(code));
  if (alert) return refused(alert[1]);
  const verdict = verdicts[code];
  if (verdict) return untrusted(verdict);
  if (ending.error?.message === 'connack timeout') return lost(`${host}:${port} did not answer in time.`);
  if (ending.error?.message === 'suback timeout') {
    return lost('The broker accepted the connection and did not answer the subscription.');
  }
  if (ending.error?.message === 'Keepalive timeout') {
    return lost(`${host}:${port} stopped answering, though the connection to it is open.`);
  }
  const network = networkErrors[code];
  if (network) return lost(`${host}:${port} cannot be reached. ${network}`);
  if (/^ERR_SSL/.test(code)) return untrusted(`${host}:${port} did not complete a TLS handshake; is it a TLS port?`);

  switch (ending.reached) {
    case 'nothing':
      return lost(`${host}:${port} closed the connection during the TLS handshake.`);
    case 'tcp':
      return lost(`${host}:${port} closed the connection without an answer; is it an MQTT port without TLS?`);
    case 'tls':
      return lost(`${host}:${port} closed the connection without an answer; it may have refused the certificate.`);
    case 'connack':
      return lost('The broker closed the connection before the subscription.');
    case 'subscribed':
      return lost('The connection to the broker was lost.');
  }
}

const errorCode = (error: Error | undefined): string =>
  error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether the broker may be one that does not speak the protocol version it was asked in. */
export const mayNotSpeakVersion = (ending: SessionEnding): boolean =>
  ending.reasonCode === 1 ||
  ending.reasonCode === 132 ||
  ((ending.reached === 'tls' || ending.reached === 'tcp') &&
    ending.reasonCode === undefined &&
    ending.error === undefined);

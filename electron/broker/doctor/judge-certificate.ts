// What speaks against the certificate that the broker shows, and against the one that the client shows.
// - In TLS 1.3 the broker's alert about the client's certificate comes behind the handshake.
// - OpenSSL and Electron's BoringSSL name an alert alike in its last words only.
// - Mosquitto sends the same alert for an expired certificate and an expired CRL, and the same for a strange authority
//   and a CRL that is missing (RFC 8446, 6.2): its files tell them apart.

import type { X509Certificate } from 'node:crypto';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { commonNameOf, isIssuedBy, isSameName, nameOf, readCertificates, sansOf, serialOf } from './certificates.ts';
import type { ListenerFiles } from './listener-files.ts';
import { type Patient, type Surroundings, type Suspicion, suspect } from './patient.ts';
import type { Handshake } from './tls.ts';

type Shown = Extract<Handshake, { readonly socket: unknown }>;

const dayMs = 86_400_000;
const day = (date: Date) => date.toISOString().slice(0, 10);

/** Whether the client believes that this is the broker; `brokerNow`: by the broker's clock, where that is known. */
export function judgeServer(
  { chain, chainError, isNameWrong }: Shown,
  tls: NonNullable<Patient['tls']>,
  { now, latestKnown, isRevoked }: Pick<Surroundings, 'now' | 'latestKnown' | 'isRevoked'>,
  brokerNow: Date | undefined,
): { readonly failures: Suspicion[]; readonly warnings: Suspicion[] } {
  const [own] = chain;
  const failures: Suspicion[] = [];
  const warnings: Suspicion[] = [];
  if (!own) return { failures: [suspect('tls/failed', 'the broker showed no certificate')], warnings };
  const time = now();
  if (chainError !== undefined) {
    failures.push(...judgeChain(chainError, chain, tls.authorityPem, { time, latestKnown, brokerNow }));
  }
  if (isNameWrong) {
    failures.push(suspect('tls/name-mismatch', `it is asked for ${tls.serverName} and holds ${sansOf(own)}`));
  }
  if (isRevoked(serialOf(own))) {
    warnings.push(suspect('tls/server-revoked', `serial number ${serialOf(own)}`));
  }
  return { failures, warnings };
}

function judgeChain(
  error: string,
  chain: readonly X509Certificate[],
  authorityPem: string | undefined,
  { time, latestKnown, brokerNow }: { time: Date; latestKnown: Date | undefined; brokerNow: Date | undefined },
): Suspicion[] {
  const [own] = chain;
  if (!own) return [suspect('tls/failed', error)];
  const trusted = authorityPem === undefined ? [] : (readCertificates(authorityPem) ?? []);
  const isBehind = (reference: Date | undefined) =>
    reference !== undefined && reference.getTime() - time.getTime() > dayMs;
  switch (error) {
    case 'CERT_NOT_YET_VALID': {
      const begins = [own, ...chain, ...trusted].find(({ validFromDate }) => validFromDate > time) ?? own;
      const because = `it is valid from ${begins.validFromDate.toISOString()}, and this machine's clock shows ${time.toISOString()}`;
      return [
        suspect(
          isBehind(latestKnown) || isBehind(brokerNow) ? 'tls/clock-behind' : 'tls/server-not-yet-valid',
          because,
        ),
      ];
    }
    case 'CERT_HAS_EXPIRED': {
      const isAhead = brokerNow !== undefined && time.getTime() - brokerNow.getTime() > dayMs;
      if (isAhead) return [suspect('tls/clock-ahead', `the broker's clock shows ${brokerNow.toISOString()}`)];
      if (own.validToDate < time) return [suspect('tls/server-expired', `it ended on ${day(own.validToDate)}`)];
      return [suspect('tls/authority-expired')];
    }
    default:
      break;
  }
  if (authorityPem === undefined)
    return [suspect('tls/ca-missing', `the broker's certificate is by ${nameOf(own.issuer)}`)];
  const sameName = trusted.find(({ subject }) => isSameName(subject, own.issuer));
  const names = trusted.map(({ subject }) => nameOf(subject)).join(' and ');
  return [
    suspect(
      'tls/ca-wrong',
      sameName
        ? `both are called ${nameOf(own.issuer)}, but their keys differ`
        : `the broker's certificate is by ${nameOf(own.issuer)}, the client trusts ${names}`,
    ),
  ];
}

/** What the broker's alert means for this client. */
export async function judgeAlert(
  alert: string,
  client: X509Certificate | undefined,
  { now, authorityPems, readCrls }: Pick<Surroundings, 'now' | 'authorityPems' | 'readCrls'>,
  files: ListenerFiles | undefined,
): Promise<Suspicion[]> {
  const time = now();
  const authorities = [files?.authorityPem, ...(files ? [] : authorityPems)].flatMap(
    (pem) => readCertificates(pem ?? '') ?? [],
  );
  const crls = files?.crlPem === undefined ? [] : await readCrls(files.crlPem);
  if (/CERTIFICATE_REQUIRED/.test(alert) || client === undefined) return [suspect('client/missing')];
  if (/CERTIFICATE_REVOKED/.test(alert)) return [suspect('client/revoked', `serial number ${serialOf(client)}`)];
  if (/UNKNOWN_CA/.test(alert)) {
    const other = suspect('client/other-ca', `it is by ${nameOf(client.issuer)}`);
    const missing = suspect('broker/crl-missing', `of ${nameOf(client.issuer)}`);
    if (authorities.length === 0) return [other, missing];
    if (!authorities.some((authority) => isIssuedBy(client, authority))) return [other];
    return files ? [missing] : [missing, other];
  }
  if (/CERTIFICATE_EXPIRED/.test(alert)) {
    if (client.validToDate <= time) return [suspect('client/expired', `it ended on ${day(client.validToDate)}`)];
    const expired = crls.find(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate <= time);
    return [suspect('broker/crl-expired', expired?.nextUpdate && `it ended on ${day(expired.nextUpdate)}`)];
  }
  if (/BAD_CERTIFICATE/.test(alert)) {
    if (client.validFromDate > time)
      return [suspect('client/not-yet-valid', `it begins on ${day(client.validFromDate)}`)];
    if (crls.some(({ thisUpdate }) => thisUpdate > time)) return [suspect('broker/crl-not-yet-valid')];
  }
  return [suspect('client/refused', alert)];
}

/** What speaks against a client's certificate without asking anybody, by what the broker has and what is in force. */
export async function judgeClient(
  client: X509Certificate,
  { now, authorityPems, isRevoked, readCrls }: Pick<Surroundings, 'now' | 'authorityPems' | 'isRevoked' | 'readCrls'>,
  files: ListenerFiles | undefined,
): Promise<Suspicion[]> {
  const time = now();
  const crls = files?.crlPem === undefined ? [] : await readCrls(files.crlPem);
  const authorities = (files?.authorityPem === undefined ? authorityPems : [files.authorityPem]).flatMap(
    (pem) => readCertificates(pem) ?? [],
  );
  const ofIssuer = crls.filter(({ issuer }) => isSameName(issuer, client.issuer));
  const expired = ofIssuer.find(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate <= time);
  return [
    ...(isRevoked(serialOf(client)) ? [suspect('client/revoked', `serial number ${serialOf(client)}`)] : []),
    ...(client.validToDate <= time ? [suspect('client/expired', `it ended on ${day(client.validToDate)}`)] : []),
    ...(client.validFromDate > time
      ? [suspect('client/not-yet-valid', `it begins on ${day(client.validFromDate)}`)]
      : []),
    ...(authorities.length > 0 && !authorities.some((authority) => isIssuedBy(client, authority))
      ? [suspect('client/other-ca', `it is by ${nameOf(client.issuer)}`)]
      : []),
    ...(expired?.nextUpdate ? [suspect('broker/crl-expired', `it ended on ${day(expired.nextUpdate)}`)] : []),
    ...(commonNameOf(client) === undefined ? [suspect('client/no-common-name')] : []),
  ];
}

/** The broker's CRL of the client's authority, as far as its files are known. */
export async function crlEvidence(
  client: X509Certificate,
  files: ListenerFiles | undefined,
  { readCrls }: Pick<Surroundings, 'readCrls'>,
): Promise<Evidence[]> {
  const crls = files?.crlPem === undefined ? [] : await readCrls(files.crlPem);
  return crls
    .filter(({ issuer }) => isSameName(issuer, client.issuer))
    .map(({ thisUpdate, nextUpdate }) => ({
      label: "Broker's CRL: valid",
      value: `${thisUpdate.toISOString()} to ${nextUpdate?.toISOString() ?? 'no end'}`,
    }));
}

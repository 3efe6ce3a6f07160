// The third step: broker and client show each other their certificates.

import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { describeCertificate, keyFits, readCertificates } from './certificates.ts';
import { type Examined, errorEvidence } from './examined.ts';
import { crlEvidence, judgeAlert, judgeServer } from './judge-certificate.ts';
import { type Suspicion, suspect } from './patient.ts';
import { lookAgainForTls, speaksPlainMqtt } from './second-look.ts';
import { shakeHands } from './tls.ts';

/** Answers what the client may talk over. */
export async function stepTls(examined: Examined, stream: Duplex): Promise<Duplex | undefined> {
  const { patient, book, inside, streams, client, around, timeoutMs } = examined;
  const { tls, identity } = patient;
  const { certificatePem, keyPem, isSecretAway } = identity;
  if (!tls) {
    book.set('tls', 'notApplicable', 'The connection is without TLS.');
    return stream;
  }
  book.set('tls', 'running', 'Shaking hands.');
  const unreadable = whatIsUnreadable(tls.authorityPem, certificatePem, keyPem, client);
  if (unreadable) {
    book.fail('tls', [unreadable], "The client's own files stand in the way.");
    return undefined;
  }
  const own = client ? describeCertificate("Client's certificate", client) : [];
  const result = await shakeHands(stream, patient, timeoutMs);
  if (!('socket' in result)) {
    const suspicions = await judgeHandshake(examined, result.errorCode);
    book.fail('tls', suspicions, 'The handshake was not completed.', [errorEvidence(result.errorCode), ...own]);
    return undefined;
  }
  streams.keep(result.socket);
  const evidence = [
    { label: 'Protocol', value: result.protocol },
    ...result.chain.slice(0, 1).flatMap((one) => describeCertificate("Broker's certificate", one)),
    ...result.chain.slice(1).flatMap((one) => describeCertificate('Sent with it', one).slice(0, 2)),
    ...(readCertificates(tls.authorityPem ?? '') ?? []).flatMap((one) =>
      describeCertificate('Trusted', one).slice(0, 1),
    ),
    { label: 'Name asked for', value: tls.serverName },
    ...own,
  ];
  const brokerNow = result.chainError === undefined ? undefined : await inside.knownBrokerNow();
  const { failures, warnings } = judgeServer(result, tls, around, brokerNow);
  if (failures.length > 0) {
    const code = result.chainError === undefined ? [] : [errorEvidence(result.chainError)];
    book.fail('tls', failures, "The client does not believe the broker's certificate.", [...code, ...evidence]);
    return undefined;
  }
  const alert = isSecretAway ? undefined : result.alert();
  if (alert !== undefined) {
    book.set('tls', 'running', '', evidence);
    await failByAlert(examined, alert);
    return undefined;
  }
  book.suspect(warnings);
  book.set(
    'tls',
    warnings.length > 0 ? 'warned' : 'passed',
    `The broker showed a certificate that the client believes, over ${result.protocol}.`,
    evidence,
  );
  return result.socket;
}

async function judgeHandshake(examined: Examined, code: string): Promise<Suspicion[]> {
  const { streams, client, around, inside } = examined;
  const reopen = () => streams.reopen();
  if (code === 'timeout') return [suspect('tls/silent')];
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|NO_SHARED_CIPHER/.test(code))
    return [suspect('tls/version', code)];
  if (/ALERT/.test(code)) return await judgeAlert(code, client, around, await inside.files());
  if (/^ERR_SSL/.test(code)) {
    return [(await speaksPlainMqtt(reopen)) ? suspect('tls/port-is-plain') : suspect('tls/not-mqtt', code)];
  }
  return [await lookAgainForTls(reopen)];
}

/** The broker's alert about the client's certificate; in TLS 1.3 it may come with the answer to CONNECT. */
export async function failByAlert(examined: Examined, alert: string): Promise<void> {
  const { book, inside, client, around } = examined;
  const files = await inside.files();
  const evidence = book.steps.find(({ name }) => name === 'tls')?.evidence ?? [];
  const crl = client ? await crlEvidence(client, files, around) : [];
  const suspicions = await judgeAlert(alert, client, around, files);
  book.fail('tls', suspicions, "The broker refused the client's certificate.", [
    { label: "Broker's TLS alert", value: alert },
    ...evidence,
    ...crl,
  ]);
}

/** Another connection to the same port, as far as the client may talk. */
export async function reopenSecured(examined: Examined): Promise<Duplex | undefined> {
  const { patient, streams, around, timeoutMs } = examined;
  const stream = await streams.reopen();
  const { tls } = patient;
  if (!stream || !tls) return stream;
  const result = await shakeHands(stream, patient, timeoutMs);
  if (!('socket' in result)) return undefined;
  // Nothing is said to another broker than the one whose certificate was found good.
  if (judgeServer(result, tls, around, undefined).failures.length > 0) return undefined;
  return streams.keep(result.socket);
}

function whatIsUnreadable(
  authorityPem: string | undefined,
  certificatePem: string | undefined,
  keyPem: string | undefined,
  client: X509Certificate | undefined,
): Suspicion | undefined {
  if (authorityPem !== undefined && !readCertificates(authorityPem)) return suspect('tls/ca-unreadable');
  if (certificatePem === undefined && keyPem === undefined) return undefined;
  if (!client) return suspect('client/unreadable', 'the certificate');
  if (keyPem === undefined) return undefined;
  const fits = keyFits(client, keyPem);
  if (fits === undefined) return suspect('client/unreadable', 'the key');
  return fits ? undefined : suspect('client/key-mismatch');
}

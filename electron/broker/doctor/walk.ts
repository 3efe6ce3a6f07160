// Walks the way of a connection as its client would: name, TCP, TLS, CONNECT, subscribe, publish, receive. Each step
// leaves its evidence, and what it makes one suspect.
// - No password and no token is sent before the broker's certificate has been found good.
// - What the broker does not say is asked of its own files and log, where the console reaches them.
// - Never throws for what a broker does.

import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DoctorStep, DoctorStepName, Evidence } from '../../../shared/model/doctor.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { commonNameOf, describeCertificate, keyFits, readCertificates } from './certificates.ts';
import { exchange } from './exchange.ts';
import { Inside } from './inside.ts';
import { crlEvidence, judgeAlert, judgeClient, judgeServer } from './judge-certificate.ts';
import { judgeLogin, judgeRefusal } from './judge-login.ts';
import { judgeRights } from './judge-rights.ts';
import { looksLikeToken, tokenEvidence } from './judge-token.ts';
import { type ConnectAnswer, MqttTalk } from './mqtt-talk.ts';
import { answers, knock, lookUp } from './network.ts';
import { type Patient, type Surroundings, type Suspicion, suspect } from './patient.ts';
import { lookAgainForMqtt, lookAgainForTls, speaksPlainMqtt } from './second-look.ts';
import { StepBook } from './step-book.ts';
import { shakeHands } from './tls.ts';

export type Examination = { readonly steps: readonly DoctorStep[]; readonly suspicions: readonly Suspicion[] };

const defaultTimeoutMs = 8000;
/** A CONNACK, or the end, of a broker that is on the way down. */
const otherPortMs = 1500;

/** `onSteps` is told all steps at every change. */
export async function examine(
  patient: Patient,
  surroundings: Surroundings,
  onSteps: (steps: readonly DoctorStep[]) => void = () => {},
): Promise<Examination> {
  return await new Walk(patient, surroundings, onSteps).run();
}

class Walk {
  readonly #patient: Patient;
  readonly #around: Surroundings;
  readonly #book: StepBook;
  readonly #inside: Inside;
  readonly #timeoutMs: number;
  readonly #open: Duplex[] = [];
  /** Of those that the name has, the one that a connection came about with. */
  #address: string | undefined;
  #client: X509Certificate | undefined;

  constructor(patient: Patient, surroundings: Surroundings, onSteps: (steps: readonly DoctorStep[]) => void) {
    const { password, keyPem, passwordHash } = patient.identity;
    this.#patient = patient;
    this.#around = surroundings;
    this.#book = new StepBook([password, keyPem, passwordHash], onSteps);
    this.#inside = new Inside(surroundings.insight, patient.port, surroundings.now);
    this.#timeoutMs = surroundings.timeoutMs ?? defaultTimeoutMs;
  }

  async run(): Promise<Examination> {
    try {
      await this.#inside.begin();
      await this.#walk();
      await this.#tellLog();
    } finally {
      for (const stream of this.#open) stream.destroy();
      this.#book.end();
    }
    return { steps: this.#book.steps, suspicions: this.#book.suspicions };
  }

  async #walk(): Promise<void> {
    const addresses = await this.#name();
    const stream = addresses && (await this.#tcp(addresses));
    const secured = stream && (await this.#tls(stream));
    if (!secured) return;
    if (this.#patient.identity.isSecretAway) return await this.#judgeUnasked();
    const talk = await this.#connect(secured);
    if (!talk) return;
    await exchange(talk, {
      patient: this.#patient,
      username: await this.#brokersName(),
      helper: this.#around.helper,
      onSend: this.#around.onSend,
      inside: this.#inside,
      book: this.#book,
      reopen: () => this.#reopen(),
      timeoutMs: this.#timeoutMs,
    });
    await talk.close();
  }

  async #name(): Promise<readonly string[] | undefined> {
    const { host, openStream } = this.#patient;
    if (openStream) {
      this.#book.set('name', 'notApplicable', 'The broker is reached over another host, which knows its address.');
      return [host];
    }
    if (isIP(host) !== 0) {
      this.#book.set('name', 'notApplicable', 'An address was given.');
      return [host];
    }
    this.#book.set('name', 'running', `Looking up ${host}.`);
    const found = await lookUp(host, this.#timeoutMs);
    if ('addresses' in found) {
      const evidence = found.addresses.map((value) => ({ label: 'Address', value }));
      this.#book.set('name', 'passed', `${host} is ${found.addresses.join(', ')}.`, evidence);
      return found.addresses;
    }
    const code =
      found.errorCode === 'ENOTFOUND' || found.errorCode === 'ENODATA' ? 'name/unknown' : 'name/lookup-failed';
    this.#fail('name', [suspect(code, host)], `${host} could not be looked up.`, [errorEvidence(found.errorCode)]);
    return undefined;
  }

  async #tcp(addresses: readonly string[]): Promise<Duplex | undefined> {
    const { port, openStream } = this.#patient;
    this.#book.set('tcp', 'running', `Connecting to port ${port}.`);
    if (openStream) return await this.#way(openStream);
    const evidence: Evidence[] = [];
    let firstError = '';
    for (const address of addresses) {
      const result = await knock(address, port, this.#timeoutMs);
      if ('socket' in result) {
        evidence.push({ label: address, value: `port ${port} is open` });
        this.#address = address;
        this.#open.push(result.socket);
        this.#book.set('tcp', 'passed', `Connected to ${address}, port ${port}.`, evidence);
        return result.socket;
      }
      firstError ||= result.errorCode;
      evidence.push({ label: address, value: `port ${port}: ${result.errorCode}` });
    }
    const suspicion = await this.#judgeTcp(firstError, addresses[0] ?? this.#patient.host, evidence);
    this.#fail('tcp', [suspicion], `Port ${port} cannot be connected to.`, evidence);
    return undefined;
  }

  async #way(openStream: NonNullable<Patient['openStream']>): Promise<Duplex | undefined> {
    try {
      const stream = await openStream();
      stream.on('error', () => {});
      this.#open.push(stream);
      this.#book.set('tcp', 'passed', `Connected to port ${this.#patient.port} over the broker's host.`);
      return stream;
    } catch (error) {
      const evidence = error instanceof ConsoleError ? [errorEvidence(error.code)] : [];
      const because = error instanceof ConsoleError ? error.message : undefined;
      this.#fail('tcp', [suspect('tcp/way-closed', because)], 'There is no way to the broker over its host.', evidence);
      return undefined;
    }
  }

  async #judgeTcp(code: string, address: string, evidence: Evidence[]): Promise<Suspicion> {
    if (code === 'ETIMEDOUT') return suspect('tcp/filtered');
    if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return suspect('tcp/no-route');
    if (code !== 'ECONNREFUSED') return suspect('tcp/failed', code);
    const { otherPorts, isTokenPort } = this.#around;
    const others = otherPorts.filter(({ port }) => port !== this.#patient.port);
    const asked = await Promise.all(
      others.map(async (other) => ({ ...other, isOpen: await answers(address, other.port, otherPortMs) })),
    );
    evidence.push(
      ...asked.map(({ port, what, isOpen }) => ({
        label: `Port ${port} (${what})`,
        value: isOpen ? 'open' : 'does not answer',
      })),
    );
    const open = asked.filter(({ isOpen }) => isOpen);
    const words = open.map(({ port, what }) => `${port} (${what})`).join(', ');
    if (open.length === 0) return suspect('tcp/broker-down');
    return isTokenPort
      ? suspect('tcp/token-listener-off', `open: ${words}`)
      : suspect('tcp/wrong-port', `open: ${words}`);
  }

  async #tls(stream: Duplex): Promise<Duplex | undefined> {
    const { tls, identity } = this.#patient;
    const { certificatePem, keyPem, isSecretAway } = identity;
    this.#client = certificatePem === undefined ? undefined : readCertificates(certificatePem)?.[0];
    if (!tls) {
      this.#book.set('tls', 'notApplicable', 'The connection is without TLS.');
      return stream;
    }
    this.#book.set('tls', 'running', 'Shaking hands.');
    const unreadable = whatIsUnreadable(tls.authorityPem, certificatePem, keyPem, this.#client);
    if (unreadable) {
      this.#fail('tls', [unreadable], "The client's own files stand in the way.");
      return undefined;
    }
    const own = this.#client ? describeCertificate("Client's certificate", this.#client) : [];
    const result = await shakeHands(stream, this.#patient, this.#timeoutMs);
    if (!('socket' in result)) {
      const suspicions = await this.#judgeHandshake(result.errorCode);
      this.#fail('tls', suspicions, 'The handshake was not completed.', [errorEvidence(result.errorCode), ...own]);
      return undefined;
    }
    this.#open.push(result.socket);
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
    const brokerNow = result.chainError === undefined ? undefined : await this.#inside.knownBrokerNow();
    const { failures, warnings } = judgeServer(result, tls, this.#around, brokerNow);
    if (failures.length > 0) {
      const code = result.chainError === undefined ? [] : [errorEvidence(result.chainError)];
      this.#fail('tls', failures, "The client does not believe the broker's certificate.", [...code, ...evidence]);
      return undefined;
    }
    const alert = isSecretAway ? undefined : result.alert();
    if (alert !== undefined) {
      this.#book.set('tls', 'running', '', evidence);
      await this.#failByAlert(alert);
      return undefined;
    }
    this.#book.suspect(warnings);
    this.#book.set(
      'tls',
      warnings.length > 0 ? 'warned' : 'passed',
      `The broker showed a certificate that the client believes, over ${result.protocol}.`,
      evidence,
    );
    return result.socket;
  }

  async #judgeHandshake(code: string): Promise<Suspicion[]> {
    const reopen = () => this.#reopen();
    if (code === 'timeout') return [suspect('tls/silent')];
    if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|NO_SHARED_CIPHER/.test(code))
      return [suspect('tls/version', code)];
    if (/ALERT/.test(code)) return await judgeAlert(code, this.#client, this.#around, await this.#inside.files());
    if (/^ERR_SSL/.test(code)) {
      return [(await speaksPlainMqtt(reopen)) ? suspect('tls/port-is-plain') : suspect('tls/not-mqtt', code)];
    }
    return [await lookAgainForTls(reopen)];
  }

  async #failByAlert(alert: string): Promise<void> {
    const files = await this.#inside.files();
    const evidence = this.#book.steps.find(({ name }) => name === 'tls')?.evidence ?? [];
    const crl = this.#client ? await crlEvidence(this.#client, files, this.#around) : [];
    const suspicions = await judgeAlert(alert, this.#client, this.#around, files);
    this.#fail('tls', suspicions, "The broker refused the client's certificate.", [
      { label: "Broker's TLS alert", value: alert },
      ...evidence,
      ...crl,
    ]);
  }

  async #connect(stream: Duplex): Promise<MqttTalk | undefined> {
    const { identity, protocolVersion } = this.#patient;
    const { username, clientId, password } = identity;
    const evidence = [
      { label: 'Client id', value: clientId },
      { label: 'User name', value: username ?? (this.#client && commonNameOf(this.#client)) ?? 'none' },
      ...(password !== undefined && looksLikeToken(password) ? tokenEvidence(password) : []),
    ];
    this.#book.set('connect', 'running', 'Logging in.', evidence);
    let version = protocolVersion;
    let talk = new MqttTalk(stream, identity, version, this.#timeoutMs);
    let answer = await talk.connect();
    if (version === 5 && mayNotSpeakIt(answer)) {
      const again = await this.#reopenSecured();
      const older = again && new MqttTalk(again, identity, 4, this.#timeoutMs);
      const second = await older?.connect();
      if (older && second && (second.outcome === 'accepted' || second.outcome === 'refused')) {
        await talk.close();
        [talk, answer, version] = [older, second, 4];
      } else await older?.close();
    }
    const spoken = { label: 'Protocol', value: version === 5 ? 'MQTT 5' : 'MQTT 3.1.1' };
    if (answer.outcome === 'accepted') {
      this.#book.set('connect', 'passed', `The broker let the client in, over ${spoken.value}.`, [spoken, ...evidence]);
      return talk;
    }
    await talk.close();
    if (answer.outcome === 'closed' && /ALERT/.test(answer.errorCode)) {
      this.#book.set('connect', 'waiting', '');
      await this.#failByAlert(answer.errorCode);
      return undefined;
    }
    const { suspicions, summary } = await this.#judgeConnect(answer);
    this.#fail('connect', suspicions, summary, [...codeEvidence(answer), spoken, ...evidence]);
    return undefined;
  }

  async #judgeConnect(
    answer: Exclude<ConnectAnswer, { outcome: 'accepted' }>,
  ): Promise<{ readonly suspicions: Suspicion[]; readonly summary: string }> {
    switch (answer.outcome) {
      case 'silent':
        return { suspicions: [suspect('connect/silent')], summary: 'There was no CONNACK in time.' };
      case 'refused':
      case 'ended':
        return {
          suspicions: await judgeRefusal(answer.code, await this.#known()),
          summary:
            answer.outcome === 'refused' ? 'The broker refused the client.' : 'The broker ended the session at once.',
        };
      case 'closed': {
        const isTakenOver = (await this.#inside.newLines()).some((line) => /already connected, closing old/.test(line));
        const suspicion = isTakenOver
          ? suspect('connect/client-id-taken')
          : await lookAgainForMqtt(() => this.#reopen(), this.#patient.tls !== undefined);
        return { suspicions: [suspicion], summary: 'The connection ended before the client was let in.' };
      }
    }
  }

  /** The secret part is not here: what is known is judged without asking the broker. */
  async #judgeUnasked(): Promise<void> {
    const known = await this.#known();
    const rights = judgeRights(await this.#brokersName(), this.#patient, known.files);
    const suspicions = [
      ...(this.#client ? await judgeClient(this.#client, this.#around, known.files) : []),
      ...(await judgeLogin(known)),
      ...rights.suspicions,
    ];
    const why = 'The secret part of this credential lies on the device alone, so nobody was logged in.';
    this.#book.suspect([...suspicions, suspect('client/secret-away')]);
    const found =
      suspicions.length > 0 ? 'What is known of it speaks against it.' : 'Nothing that is known speaks against it.';
    this.#book.set('connect', suspicions.length > 0 ? 'warned' : 'notApplicable', `${why} ${found}`);
  }

  async #known() {
    return {
      identity: this.#patient.identity,
      client: this.#client,
      surroundings: this.#around,
      files: await this.#inside.files(),
      log: await this.#inside.log(),
      now: await this.#inside.brokerNow(),
    };
  }

  /** As the broker knows the client: by its common name where it takes that. */
  async #brokersName(): Promise<string | undefined> {
    const { username } = this.#patient.identity;
    const commonName = this.#client && commonNameOf(this.#client);
    return (await this.#inside.files())?.takesCertificates ? commonName : (username ?? commonName);
  }

  async #reopen(): Promise<Duplex | undefined> {
    const { openStream, port } = this.#patient;
    try {
      if (openStream) return this.#kept(await openStream());
      const result = await knock(this.#address ?? this.#patient.host, port, otherPortMs);
      return 'socket' in result ? this.#kept(result.socket) : undefined;
    } catch {
      return undefined;
    }
  }

  async #reopenSecured(): Promise<Duplex | undefined> {
    const stream = await this.#reopen();
    const { tls } = this.#patient;
    if (!stream || !tls) return stream;
    const result = await shakeHands(stream, this.#patient, this.#timeoutMs);
    if (!('socket' in result)) return undefined;
    // Nothing is said to another broker than the one whose certificate was found good.
    if (judgeServer(result, tls, this.#around, undefined).failures.length > 0) return undefined;
    return this.#kept(result.socket);
  }

  #kept<T extends Duplex>(stream: T): T {
    this.#open.push(stream);
    return stream;
  }

  #fail(
    step: DoctorStepName,
    suspicions: readonly Suspicion[],
    summary: string,
    evidence: readonly Evidence[] = [],
  ): void {
    this.#book.suspect(suspicions);
    this.#book.set(step, 'failed', summary, evidence);
  }

  /** What the broker wrote meanwhile, at the step where it went wrong. */
  async #tellLog(): Promise<void> {
    const wrong = this.#book.steps.find(({ state }) => state === 'failed' || state === 'warned');
    if (wrong) this.#book.add(wrong.name, await this.#inside.evidence());
  }
}

const errorEvidence = (value: string): Evidence => ({ label: 'Error code', value });

const codeEvidence = (answer: ConnectAnswer): Evidence[] => {
  switch (answer.outcome) {
    case 'refused':
      return [{ label: 'CONNACK', value: String(answer.code) }];
    case 'ended':
      return [{ label: 'DISCONNECT', value: String(answer.code) }];
    case 'closed':
      return answer.errorCode === '' ? [] : [errorEvidence(answer.errorCode)];
    case 'silent':
    case 'accepted':
      return [];
  }
};

const mayNotSpeakIt = (answer: ConnectAnswer): boolean =>
  (answer.outcome === 'refused' && (answer.code === 1 || answer.code === 132)) ||
  (answer.outcome === 'closed' && answer.errorCode === '');

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

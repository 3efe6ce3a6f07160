// What a broker test needs around a broker: an authority, ports, a few plants, and the push of the `voke` profile
// from them. It holds for a real mosquitto and for the practice broker alike.

import { createSign, generateKeyPairSync, pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto';
import { lintBrokerFiles } from '../../electron/broker/lint.ts';
import { planPush } from '../../electron/broker/plan.ts';
import type { ProbeClient, ProbeIdentity, ProbeListener } from '../../electron/broker/probe.ts';
import { renderVokeProfile, type VokeProfileInput } from '../../electron/broker/render.ts';
import type { ListenerPorts, PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFiles, ManagedBroker, PushNeed } from '../../shared/model/broker-files.ts';
import { type Identity, OpensslPki } from './openssl-pki.ts';
import { freePort } from './processes.ts';

export const consoleUsername = 'voke-console';

/** UUIDs of plants, far enough apart that their password usernames differ. */
export const plantIds = {
  mtls: 'a1b2c3d4-0000-4000-8000-000000000001',
  otherMtls: 'b1b2c3d4-0000-4000-8000-000000000002',
  password: 'c1b2c3d4-0000-4000-8000-000000000003',
  otherPassword: 'd1b2c3d4-0000-4000-8000-000000000004',
  token: 'e1b2c3d4-0000-4000-8000-000000000005',
} as const;

/** A `$7$` hash, made here and not by the code under test. */
export function passwordHash(password: string, iterations = 1000): string {
  const salt = randomBytes(12);
  const key = pbkdf2Sync(password, salt, iterations, 64, 'sha512');
  return `$7$${iterations}$${salt.toString('base64')}$${key.toString('base64')}`;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** RSA keys of a token issuer. */
export class TokenIssuer {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  get publicKeyDer(): Buffer {
    return this.#keys.publicKey.export({ type: 'pkcs1', format: 'der' });
  }

  get spkiKeyDer(): Buffer {
    return this.#keys.publicKey.export({ type: 'spki', format: 'der' });
  }

  issue(plantId: string, claims: Readonly<Record<string, unknown>> = {}): string {
    const now = seconds(new Date());
    const payload = { sub: plantId, iat: now, exp: now + 3600, ...claims };
    const text = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(payload)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.#keys.privateKey, 'base64url')}`;
  }
}

/** The mark of a new push. */
export const newMark = (startedBy = 'a test') => ({
  pushId: randomUUID(),
  startedBy,
  startedAt: new Date().toISOString(),
});

/** A whole push without probes; undone when a step of it fails. */
export async function putInForce(broker: ManagedBroker, files: BrokerFiles, needs: PushNeed): Promise<void> {
  const push = await broker.open(newMark());
  try {
    await push.stage(files);
    await push.swap();
    await push.takeEffect(needs);
  } catch (error) {
    await push.undo();
    throw error;
  }
  await push.keep();
}

/** Puts the newest earlier generation in force. */
export async function goBack(broker: ManagedBroker): Promise<void> {
  const [newest] = await broker.generations();
  if (newest === undefined) throw new Error('there is no generation to go back to');
  const files = await broker.readGeneration(newest.generationId);
  await putInForce(broker, files, planPush(await broker.current(), files).needs);
}

type Changeable = Pick<VokeProfileInput, 'passwordUsers' | 'revokedPlantIds' | 'crlPem' | 'tokenPublicKeyDer'>;

export class BrokerScene {
  readonly pki: OpensslPki;
  readonly ports: ListenerPorts;
  readonly tokens = new TokenIssuer();
  readonly passwords = { [plantIds.password]: 'first-password', [plantIds.otherPassword]: 'second-password' };
  readonly authorityPem: string;
  readonly #server: Identity;
  readonly #identities = new Map<string, Identity>();

  private constructor(pki: OpensslPki, ports: ListenerPorts, authorityPem: string, server: Identity) {
    this.pki = pki;
    this.ports = ports;
    this.authorityPem = authorityPem;
    this.#server = server;
  }

  static async create(): Promise<BrokerScene> {
    const pki = await OpensslPki.create();
    const ports = { mtls: await freePort(), password: await freePort(), token: await freePort() };
    return new BrokerScene(pki, ports, await pki.certificatePem(), await pki.issueServer());
  }

  async remove(): Promise<void> {
    await this.pki.remove();
  }

  /** The files for a broker as the register would say them, with some of it changed. */
  async files(broker: ManagedBroker, changes: Partial<Changeable> = {}): Promise<BrokerFiles> {
    const description = await broker.describe();
    const { files } = await renderVokeProfile({
      ...description,
      bindAddress: '127.0.0.1',
      ports: this.ports,
      authorityPem: this.authorityPem,
      crlPem: await this.pki.crlPem(),
      serverCertificatePem: this.#server.certificatePem,
      serverKeyPem: this.#server.keyPem,
      passwordUsers: this.passwordUsers(),
      revokedPlantIds: [],
      consoleUsername,
      tokenPublicKeyDer: this.tokens.publicKeyDer,
      ...changes,
    });
    await lintBrokerFiles(files, { ...description, now: new Date() });
    return files;
  }

  /** Renders, lints, plans and puts in force. */
  async push(broker: ManagedBroker, changes: Partial<Changeable> = {}): Promise<PushPlan> {
    const files = await this.files(broker, changes);
    const plan = planPush(await broker.current(), files);
    await putInForce(broker, files, plan.needs);
    return plan;
  }

  passwordUsers(passwords: Readonly<Record<string, string>> = this.passwords): VokeProfileInput['passwordUsers'] {
    return Object.entries(passwords).map(([plantId, password]) => ({
      username: `plc-${plantId.slice(0, 8)}`,
      plantId,
      hash: passwordHash(password),
    }));
  }

  listener(method: keyof ListenerPorts): ProbeListener {
    return { host: '127.0.0.1', port: this.ports[method], authorityPem: this.authorityPem };
  }

  /** The certificate of a plant, or of the console; the same one each time. */
  async certificate(commonName: string): Promise<Identity> {
    const identity = this.#identities.get(commonName) ?? (await this.pki.issueDevice(commonName));
    this.#identities.set(commonName, identity);
    return identity;
  }

  async mtlsClient(commonName: string): Promise<ProbeClient> {
    const { certificatePem, keyPem } = await this.certificate(commonName);
    return { listener: this.listener('mtls'), identity: { clientId: commonName, certificatePem, keyPem } };
  }

  passwordClient(plantId: keyof BrokerScene['passwords'], password = this.passwords[plantId]): ProbeClient {
    const username = `plc-${plantId.slice(0, 8)}`;
    return { listener: this.listener('password'), identity: { clientId: username, username, password } };
  }

  tokenClient(plantId: string, token = this.tokens.issue(plantId)): ProbeClient {
    const identity: ProbeIdentity = { clientId: plantId, username: plantId, password: token };
    return { listener: this.listener('token'), identity };
  }
}

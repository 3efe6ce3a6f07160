// What the connection doctor is tried on: an authority, a plant with each kind of credential, and real brokers with
// the `voke` profile's files, one of which can be broken before or after the start.

import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildCrl } from '../../electron/authority/crl.ts';
import { type IssuedLeaf, issueCertificate, type LeafProfile } from '../../electron/authority/leaf.ts';
import { type CreatedAuthority, createAuthority } from '../../electron/authority/root.ts';
import type { Patient, Surroundings } from '../../electron/broker/doctor/patient.ts';
import type { ProbeClient } from '../../electron/broker/probe.ts';
import { renderVokeProfile } from '../../electron/broker/render.ts';
import { verifyPassword } from '../../electron/credentials/passwords.ts';
import { readCrlTimes } from '../../electron/operations/crl-times.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { type BuiltPlugin, buildJwtPlugin } from './jwt-plugin.ts';
import { passwordHash, TokenIssuer } from './mosquitto.ts';
import { type RunningServer, startServer } from './processes.ts';
import { programPath } from './requirements.ts';

const dayMs = 86_400_000;
const now = new Date();
export const daysAgo = (days: number): Date => new Date(now.getTime() - days * dayMs);

export const plantId = plantIdSchema.parse('a1b2c3d4-0000-4000-8000-00000000d0c0');
export const username = 'plc-a1b2c3d4';
export const password = 'right-password-of-the-plant';
const consoleUsername = 'voke-console';
const topics = { reads: `cpi/${plantId}/command`, writes: `cpi/${plantId}/ack` };

export type DoctorBroker = {
  readonly ports: { readonly mtls: number; readonly password: number; readonly token: number };
  readonly server: RunningServer;
  write(name: string, content: string | Uint8Array): Promise<void>;
  read(name: string): Promise<string>;
  remove(name: string): Promise<void>;
  /** SIGHUP, and the wait until it is done. */
  reload(): Promise<void>;
};

type Changes = {
  /** Files as they shall be instead, by name; a function gets what would be there. */
  readonly files?: Readonly<Record<string, string | Uint8Array | ((text: string) => string)>>;
  readonly crlPem?: string;
  readonly server?: IssuedLeaf;
  readonly withoutPlugin?: boolean;
};

export class DoctorScene {
  readonly tokens = new TokenIssuer();
  readonly authority: CreatedAuthority;
  readonly #plugin: BuiltPlugin;
  readonly plant: IssuedLeaf;
  readonly #console: IssuedLeaf;
  readonly #server: IssuedLeaf;

  private constructor(
    authority: CreatedAuthority,
    plugin: BuiltPlugin,
    [plant, console, server]: readonly [IssuedLeaf, IssuedLeaf, IssuedLeaf],
  ) {
    this.authority = authority;
    this.#plugin = plugin;
    this.plant = plant;
    this.#console = console;
    this.#server = server;
  }

  static async create(): Promise<DoctorScene> {
    const [authority, plugin] = await Promise.all([newAuthority(), buildJwtPlugin()]);
    const leaves = await Promise.all([
      issue(authority, { kind: 'device', plantId }),
      issue(authority, { kind: 'console', commonName: consoleUsername }),
      issue(authority, serverProfile()),
    ]);
    return new DoctorScene(authority, plugin, leaves);
  }

  async dispose(): Promise<void> {
    await this.#plugin.remove();
  }

  crl(revoked: readonly IssuedLeaf[] = [], at: Date = now, nextUpdateDays = 30): Promise<string> {
    return crlOf(this.authority, revoked, at, nextUpdateDays);
  }

  /** Started, and stopped by its caller or at the end of the test. */
  async startBroker(changes: Changes = {}, { untilTestEnds = true } = {}): Promise<DoctorBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'voke-doctor-'));
    const [mtls = 0, passwordPort = 0, token = 0] = await freePorts(3);
    const ports = { mtls, password: passwordPort, token };
    const path = (name: string) => join(folder, name);
    const server = changes.server ?? this.#server;
    const { files } = await renderVokeProfile({
      line: '2.0',
      configDirectory: folder,
      bindAddress: '127.0.0.1',
      ports,
      jwtPlugin: changes.withoutPlugin ? null : this.#plugin.path,
      // Started by root it would become mosquitto, who may not read a test's private keys.
      account: process.getuid?.() === 0 ? 'root' : null,
      authorityPem: this.authority.certificatePem,
      crlPem: changes.crlPem ?? (await this.crl()),
      serverCertificatePem: server.certificatePem,
      serverKeyPem: server.privateKeyPem,
      passwordUsers: [{ username, plantId, hash: passwordHash(password) }],
      revokedPlantIds: [],
      consoleUsername,
      tokenPublicKeyDer: this.tokens.publicKeyDer,
    });
    for (const { name, content } of files) {
      const change = changes.files?.[name];
      const text = typeof change === 'function' ? change(Buffer.from(content).toString('utf8')) : change;
      await writeFile(path(name), text ?? content, { mode: 0o600 });
    }
    // Listeners are opened in the order of the file.
    const last = changes.withoutPlugin ? passwordPort : token;
    const running = await startServer(programPath('mosquitto'), ['-v', '-c', path('mosquitto.conf')], last);
    const broker: DoctorBroker = {
      ports,
      server: running,
      write: (name, content) => writeFile(path(name), content, { mode: 0o600 }),
      read: (name) => readFile(path(name), 'utf8'),
      remove: (name) => rm(path(name)),
      reload: async () => {
        const before = running.log().split('Reloading config.').length;
        running.signal('SIGHUP');
        while (running.log().split('Reloading config.').length === before) await new Promise((r) => setTimeout(r, 10));
      },
    };
    this.#folders.set(broker, folder);
    const end = async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    };
    this.#ends.set(broker, end);
    if (untilTestEnds) onTestFinished(end);
    return broker;
  }

  readonly #folders = new WeakMap<DoctorBroker, string>();
  readonly #ends = new WeakMap<DoctorBroker, () => Promise<void>>();

  async stop(broker: DoctorBroker): Promise<void> {
    await this.#ends.get(broker)?.();
  }

  /** What the console knows beside the plant's own parameters. */
  surroundings(broker: DoctorBroker, { withInsight = true } = {}): Surroundings {
    const folder = this.#folders.get(broker) ?? '';
    const { ports, server } = broker;
    return {
      now: () => new Date(),
      otherPorts: [
        { port: ports.mtls, what: 'certificates' },
        { port: ports.password, what: 'passwords' },
        { port: ports.token, what: 'tokens' },
      ],
      isTokenPort: false,
      authorityPems: [this.authority.certificatePem],
      isRevoked: () => false,
      readCrls: readCrlTimes,
      verifyPassword,
      helper: this.helper(broker),
      timeoutMs: 2000,
      ...(withInsight && {
        insight: {
          line: async () => '2.0' as const,
          files: async () =>
            await Promise.all(
              (await readdir(folder)).map(async (name) => {
                return { name, content: await readFile(join(folder, name)), mode: 0o600, secret: true };
              }),
            ),
          log: async () => server.log().trimEnd().split('\n'),
        },
      }),
    };
  }

  helper({ ports }: DoctorBroker): ProbeClient {
    const { certificatePem, privateKeyPem: keyPem } = this.#console;
    return {
      listener: {
        host: '127.0.0.1',
        port: ports.mtls,
        authorityPem: this.authority.certificatePem,
        serverName: 'localhost',
      },
      identity: { clientId: `helper-${process.hrtime.bigint()}`, certificatePem, keyPem },
    };
  }

  certificatePatient(
    { ports }: DoctorBroker,
    leaf: Pick<IssuedLeaf, 'certificatePem' | 'privateKeyPem'> = this.plant,
  ): Patient {
    const { certificatePem, privateKeyPem: keyPem } = leaf;
    return { ...this.#patient(ports.mtls), identity: { clientId: newClientId(), certificatePem, keyPem } };
  }

  passwordPatient({ ports }: DoctorBroker, word = password, name = username): Patient {
    return { ...this.#patient(ports.password), identity: { clientId: newClientId(), username: name, password: word } };
  }

  tokenPatient({ ports }: DoctorBroker, token = this.tokens.issue(plantId), name: string = plantId): Patient {
    return { ...this.#patient(ports.token), identity: { clientId: newClientId(), username: name, password: token } };
  }

  #patient(port: number): Omit<Patient, 'identity'> {
    return {
      host: '127.0.0.1',
      port,
      tls: { authorityPem: this.authority.certificatePem, serverName: 'localhost' },
      protocolVersion: 5,
      ...topics,
      exchanges: true,
      payloadBytes: 0,
    };
  }
}

/** Two examinations at once must not end each other's sessions. */
const newClientId = (): string => `doctor-${randomBytes(4).toString('hex')}`;

/** Old enough for certificates that have expired. */
export const newAuthority = (subject = '/O=Test/CN=Doctor Root'): Promise<CreatedAuthority> =>
  createAuthority({ subject, keyAlgorithm: 'EC-P256', validityDays: 7300, now: daysAgo(400) });

export const issue = (
  authority: CreatedAuthority,
  profile: LeafProfile,
  validity?: { notBefore: string; notAfter: string },
): Promise<IssuedLeaf> => {
  // An authority issues nothing that has ended already.
  const at = new Date(Math.min(now.getTime(), Date.parse(validity?.notBefore ?? now.toISOString())));
  return issueCertificate({ authority, profile, keyAlgorithm: 'EC-P256', now: at, validity });
};

export const serverProfile = (commonName = 'localhost'): LeafProfile => ({
  kind: 'broker',
  commonName,
  subjectAltNames: [],
});

export async function crlOf(
  authority: CreatedAuthority,
  revoked: readonly IssuedLeaf[],
  at: Date,
  nextUpdateDays = 30,
): Promise<string> {
  const entries = revoked.map(({ serialNumber }) => ({
    serialNumber,
    revokedAt: at,
    reason: 'keyCompromise' as const,
  }));
  return (await buildCrl({ authority, entries, number: 2n, now: at, nextUpdateDays })).crlPem;
}

/** A token for the plant that is signed otherwise than by RS256. */
export function tokenBy(algorithm: 'HS256' | 'ES256'): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode({ sub: plantId, iat: seconds, exp: seconds + 3600 })}`;
  if (algorithm === 'HS256') return `${text}.${createHmac('sha256', 'a secret').update(text).digest('base64url')}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

// One run of the practice broker: Aedes behind TLS listeners, with the habits of Mosquitto.
// - SUBSCRIBE is always granted; what may be read is decided at delivery.
// - A PUBLISH that is denied or too large is acknowledged and lost; the client stays.
// - A reload looks at every live session again: one whose password was changed or removed, or whose token has
//   expired, is dropped. One with a revoked certificate stays until it reconnects.
// - Where a policy is asked, it decides instead of the files, also about SUBSCRIBE: of everybody but the one who watches.

import type { TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import type { BrokerSession } from '../../shared/model/broker-files.ts';
import type { BrokerConfiguration, TrustedTokenKeys } from './broker-configuration.ts';
import { assertUsableTls, BrokerListener } from './broker-listener.ts';
import type { ClientPolicy, PolicyQuestion } from './client-policy.ts';
import { type Rights, rightsByFiles, rightsByPolicy, tokenOf } from './client-rights.ts';

/** Who can say whether a secret is right. */
export type Verifiers = {
  /** `hash` is a `$7$` line's hash. */
  verifyPassword(password: string, hash: string): Promise<boolean>;
  verifyToken(token: string, username: string, trusted: TrustedTokenKeys): Promise<boolean>;
};

/** What a client showed, kept for the next reload. */
type Login = {
  /** Undefined on a listener without certificates. */
  readonly certificateName: string | undefined;
  readonly username: string | undefined;
  /** Password or token; empty when there was none. */
  readonly secret: string;
};

/** Who a client is taken for. */
type Admission = { readonly username: string; readonly rights: Rights };

type Session = {
  readonly client: Client;
  readonly listener: BrokerListener;
  readonly login: Login;
  readonly connectedAt: Date;
  admission: Admission;
};

/** Nobody may read it, so what is published here instead is lost. */
const lostTopic = '$practice/lost';

/** A message that no client sent. MQTT 3.1.1 has no properties. */
export type PlayedMessage = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
};

type Publish = { topic: string; payload: string | Buffer; retain: boolean };

export class BrokerRun {
  readonly #verifiers: Verifiers;
  readonly #report: (line: string) => void;
  readonly #sessions = new Set<Session>();
  /** Outlives the connection: a client's will is judged after it. */
  readonly #sessionOf = new WeakMap<Client, Session>();
  readonly #listenerOf = new WeakMap<object, BrokerListener>();
  readonly #aedes: Aedes;
  #listeners: BrokerListener[] = [];
  #configuration: BrokerConfiguration;
  #policy: ClientPolicy | undefined;

  private constructor(
    configuration: BrokerConfiguration,
    verifiers: Verifiers,
    report: (line: string) => void,
    policy: ClientPolicy | undefined,
  ) {
    this.#configuration = configuration;
    this.#verifiers = verifiers;
    this.#report = report;
    this.#policy = policy;
    this.#aedes = new Aedes({
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username, password?.toString('utf8')).then(
          (accepted) => done(null, accepted),
          () => done(null, false),
        );
      },
      authorizePublish: (client, packet, done) => {
        if (client !== null && !this.#mayPublish(client, packet))
          Object.assign(packet, { topic: lostTopic, retain: false });
        done(null);
      },
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#may(client, 'subscribe', subscription.topic) ? subscription : null),
      authorizeForward: (client, packet) => (this.#mayReceive(client, packet) ? packet : null),
    });
    this.#aedes.on('clientReady', (client) => this.#report(`New client connected as ${client.id}.`));
    this.#aedes.on('clientDisconnect', (client) => this.#report(`Client ${client.id} disconnected.`));
    this.#aedes.on('clientError', (client, error) => this.#report(`Client ${client.id}: ${error.message}.`));
    this.#aedes.on('connectionError', (_client, error) => this.#report(`Client refused: ${error.message}.`));
  }

  /** Throws `broker/port-busy`, `broker/start-failed`; nothing is open then. */
  static async start(
    configuration: BrokerConfiguration,
    verifiers: Verifiers,
    report: (line: string) => void,
    policy?: ClientPolicy,
  ): Promise<BrokerRun> {
    const run = new BrokerRun(configuration, verifiers, report, policy);
    await run.#aedes.listen();
    try {
      for (const listener of configuration.listeners) {
        const open = await BrokerListener.open(listener, (socket, from) => run.#handle(socket, from), report);
        run.#listeners.push(open);
      }
    } catch (error) {
      await run.stop();
      throw error;
    }
    return run;
  }

  /** As the broker itself: no rights are asked for. */
  publish({ topic, payload, qos, retain }: PlayedMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as const;
      this.#aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  sessions(): readonly BrokerSession[] {
    return [...this.#sessions]
      .filter(({ client }) => client.connected)
      .map(({ client, admission, connectedAt }) => ({
        clientId: client.id,
        username: admission.username,
        connectedAt: connectedAt.toISOString(),
      }));
  }

  /** As SIGHUP does; listeners cannot come or go. Throws `broker/invalid-files`; nothing has changed then. */
  async reload(configuration: BrokerConfiguration): Promise<void> {
    this.#report('Reloading config.');
    for (const listener of configuration.listeners) assertUsableTls(listener);
    for (const listener of this.#listeners) {
      const next = configuration.listeners.find(({ port }) => port === listener.configuration.port);
      if (next !== undefined) listener.reload(next);
    }
    this.#configuration = configuration;
    await this.#lookAtAllAgain();
  }

  /** Undefined: the files decide. */
  async askPolicy(policy: ClientPolicy | undefined): Promise<void> {
    this.#policy = policy;
    await this.#lookAtAllAgain();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    this.#listeners = [];
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
  }

  #handle(socket: TLSSocket, listener: BrokerListener): void {
    this.#listenerOf.set(socket, listener);
    this.#aedes.handle(socket);
  }

  async #authenticate(client: Client, username: string | undefined, secret = ''): Promise<boolean> {
    const listener = this.#listenerOf.get(client.conn);
    if (listener === undefined) return false;
    const isByCertificate = listener.configuration.authentication.kind === 'certificate';
    const login = { certificateName: isByCertificate ? commonName(client.conn) : undefined, username, secret };
    const admission = await this.#admit(client, listener, login);
    if (admission) this.#remember({ client, listener, login, admission, connectedAt: new Date() });
    else this.#report(`Client ${client.id} disconnected, not authorised.`);
    return admission !== undefined;
  }

  #remember(session: Session): void {
    this.#sessionOf.set(session.client, session);
    this.#sessions.add(session);
    session.client.conn.once('close', () => this.#sessions.delete(session));
  }

  /** Undefined for somebody who may not come in. */
  async #admit(client: Client, listener: BrokerListener, login: Login): Promise<Admission | undefined> {
    const policy = this.#policy;
    const admission =
      policy && login.certificateName !== policy.watcher
        ? await this.#admitByPolicy(policy, client, login)
        : await this.#admitByFiles(client, listener, login);
    // Whoever decided meanwhile decides no more.
    return policy === this.#policy ? admission : await this.#admit(client, listener, login);
  }

  async #admitByFiles(client: Client, listener: BrokerListener, login: Login): Promise<Admission | undefined> {
    const isByCertificate = listener.configuration.authentication.kind === 'certificate';
    const username = isByCertificate ? login.certificateName : login.username;
    if (username === undefined || username === '') return undefined;
    if (!(await this.#isRight(listener, username, login.secret))) return undefined;
    return { username, rights: rightsByFiles(() => listener.configuration.acl, username, client.id) };
  }

  async #admitByPolicy(policy: ClientPolicy, client: Client, login: Login): Promise<Admission | undefined> {
    const shown = tokenOf(login.username ?? '', login.secret);
    const admission = shown ? await policy.admit(shown.token, shown.username) : { refused: 'it has no token' };
    if (!('refused' in admission))
      return {
        username: admission.name,
        rights: rightsByPolicy(admission, (line) => this.#report(`Client ${client.id}: ${line}`)),
      };
    this.#report(`Client ${client.id}: refused by the policy: ${admission.refused}`);
    return undefined;
  }

  /** A certificate was judged when its connection was opened. */
  async #isRight(listener: BrokerListener, username: string, secret: string): Promise<boolean> {
    const { authentication } = listener.configuration;
    switch (authentication.kind) {
      case 'certificate':
        return true;
      case 'password': {
        const hash = authentication.hashes.get(username);
        return hash !== undefined && this.#verifiers.verifyPassword(secret, hash);
      }
      case 'token':
        return this.#verifiers.verifyToken(secret, username, authentication.trusted);
      default:
        return authentication satisfies never;
    }
  }

  async #lookAtAllAgain(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => this.#lookAgain(session)));
  }

  async #lookAgain(session: Session): Promise<void> {
    const { client, listener, login } = session;
    const admission = await this.#admit(client, listener, login);
    if (admission) {
      session.admission = admission;
      return;
    }
    this.#report(`Client ${client.id} disconnected, not authorised.`);
    client.close();
  }

  #mayPublish(client: Client, { topic, payload }: Publish): boolean {
    const limit = this.#configuration.messageSizeLimit ?? Number.POSITIVE_INFINITY;
    return Buffer.byteLength(payload) <= limit && this.#may(client, 'publish', topic);
  }

  #mayReceive(client: Client, { topic }: AedesPublishPacket): boolean {
    return topic !== lostTopic && this.#may(client, 'read', topic);
  }

  #may(client: Client | null, question: PolicyQuestion, topic: string): boolean {
    const session = client === null ? undefined : this.#sessionOf.get(client);
    return session?.admission.rights.may(question, topic) ?? false;
  }
}

/** The CN of the certificate that the client showed; undefined when it has none, or several. */
function commonName(connection: object): string | undefined {
  const subject: unknown = (connection as TLSSocket).getPeerCertificate().subject?.CN;
  return typeof subject === 'string' && !subject.includes('\0') ? subject : undefined;
}

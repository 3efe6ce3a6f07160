// One run of the practice broker: Aedes behind TLS listeners, with the habits of Mosquitto.
// - SUBSCRIBE is always granted; what may be read is decided at delivery.
// - A PUBLISH that is denied or too large is acknowledged and lost; the client stays.
// - A reload looks at every live session again: one whose password was changed or removed, or whose token has
//   expired, is dropped. One with a revoked certificate stays until it reconnects.

import type { TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import type { BrokerSession } from '../../shared/model/broker-files.ts';
import type { BrokerConfiguration, TrustedTokenKeys } from './broker-configuration.ts';
import { assertUsableTls, BrokerListener } from './broker-listener.ts';

/** Who can say whether a secret is right. */
export type Verifiers = {
  /** `hash` is a `$7$` line's hash. */
  verifyPassword(password: string, hash: string): Promise<boolean>;
  verifyToken(token: string, username: string, trusted: TrustedTokenKeys): Promise<boolean>;
};

type Session = {
  readonly client: Client;
  readonly listener: BrokerListener;
  readonly username: string;
  /** Password or token, for the next reload; empty with a certificate. */
  readonly secret: string;
  readonly connectedAt: Date;
};

/** Nobody may read it, so what is published here instead is lost. */
const lostTopic = '$practice/lost';

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

  private constructor(configuration: BrokerConfiguration, verifiers: Verifiers, report: (line: string) => void) {
    this.#configuration = configuration;
    this.#verifiers = verifiers;
    this.#report = report;
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
  ): Promise<BrokerRun> {
    const run = new BrokerRun(configuration, verifiers, report);
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

  sessions(): readonly BrokerSession[] {
    return [...this.#sessions]
      .filter(({ client }) => client.connected)
      .map(({ client, username, connectedAt }) => ({
        clientId: client.id,
        username,
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
    await Promise.all([...this.#sessions].map((session) => this.#lookAgain(session)));
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

  async #authenticate(client: Client, username: string | undefined, secret: string | undefined): Promise<boolean> {
    const listener = this.#listenerOf.get(client.conn);
    if (listener === undefined) return false;
    const name = listener.configuration.authentication.kind === 'certificate' ? commonName(client.conn) : username;
    if (name === undefined || name === '') return false;
    const accepted = await this.#isRight(listener, name, secret ?? '');
    if (accepted) this.#remember({ client, listener, username: name, secret: secret ?? '', connectedAt: new Date() });
    else this.#report(`Client ${client.id} disconnected, not authorised.`);
    return accepted;
  }

  #remember(session: Session): void {
    this.#sessionOf.set(session.client, session);
    this.#sessions.add(session);
    session.client.conn.once('close', () => this.#sessions.delete(session));
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

  async #lookAgain({ client, listener, username, secret }: Session): Promise<void> {
    if (await this.#isRight(listener, username, secret)) return;
    this.#report(`Client ${client.id} disconnected, not authorised.`);
    client.close();
  }

  #mayPublish(client: Client, { topic, payload }: Publish): boolean {
    const session = this.#sessionOf.get(client);
    const limit = this.#configuration.messageSizeLimit ?? Number.POSITIVE_INFINITY;
    if (session === undefined || Buffer.byteLength(payload) > limit) return false;
    return session.listener.configuration.acl.mayWrite(session.username, client.id, topic);
  }

  #mayReceive(client: Client, { topic }: AedesPublishPacket): boolean {
    const session = this.#sessionOf.get(client);
    if (session === undefined || topic === lostTopic) return false;
    return session.listener.configuration.acl.mayRead(session.username, client.id, topic);
  }
}

/** The CN of the certificate that the client showed; undefined when it has none, or several. */
function commonName(connection: object): string | undefined {
  const subject: unknown = (connection as TLSSocket).getPeerCertificate().subject?.CN;
  return typeof subject === 'string' && !subject.includes('\0') ? subject : undefined;
}

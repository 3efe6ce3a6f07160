import { once } from 'node:events';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ListenerConfiguration } from './broker-configuration.ts';

const handshakeTimeoutMs = 10_000;

/** One TLS port of the practice broker. Its certificates, CRL, users and rights may change while it is open. */
export class BrokerListener {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();
  #configuration: ListenerConfiguration;

  private constructor(configuration: ListenerConfiguration, report: (line: string) => void) {
    this.#configuration = configuration;
    this.#server = createServer({
      ...configuration.tls,
      requestCert: configuration.authentication.kind === 'certificate',
      rejectUnauthorized: configuration.authentication.kind === 'certificate',
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeTimeoutMs,
    });
    this.#server.on('tlsClientError', (error: Error & { code?: string }, socket) => {
      report(`Client refused on port ${configuration.port}: ${error.code ?? error.message}.`);
      socket.destroy();
    });
  }

  /** Throws `broker/port-busy`, or `broker/start-failed` when the port or its certificates cannot be used. */
  static async open(
    configuration: ListenerConfiguration,
    handle: (socket: TLSSocket, listener: BrokerListener) => void,
    report: (line: string) => void,
  ): Promise<BrokerListener> {
    const { port, address } = configuration;
    try {
      const listener = new BrokerListener(configuration, report);
      listener.#server.on('secureConnection', (socket) => {
        listener.#sockets.add(socket);
        socket.once('close', () => listener.#sockets.delete(socket));
        handle(socket, listener);
      });
      listener.#server.listen({ port, host: address, exclusive: true });
      await once(listener.#server, 'listening');
      listener.#server.on('error', (error) => report(`Error: ${error.message}`));
      return listener;
    } catch (error) {
      const details = { port };
      if (error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE')
        throw new ConsoleError('broker/port-busy', { because: `port ${port}`, details, cause: error });
      throw new ConsoleError('broker/start-failed', { because: `port ${port}`, details, cause: error });
    }
  }

  get configuration(): ListenerConfiguration {
    return this.#configuration;
  }

  /** Certificates and CRL count for new connections. */
  reload(configuration: ListenerConfiguration): void {
    this.#server.setSecureContext({ ...configuration.tls, minVersion: 'TLSv1.2' });
    this.#configuration = configuration;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Throws `broker/invalid-files` when TLS cannot be spoken with these certificates. */
export function assertUsableTls({ tls, port }: ListenerConfiguration): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new ConsoleError('broker/invalid-files', { because: `the certificates of port ${port}`, cause: error });
  }
}

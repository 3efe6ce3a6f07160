// The window's calls over a WebSocket at /rpc. Who may open one was decided at the door; a locked vault does not close it.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/websocket';
import { type WebSocket, WebSocketServer } from 'ws';
import { windowProtocol } from '../../shared/model/window-key.ts';
import type { CallContext } from '../core/session.ts';
import type { HostedCore } from '../host-common/hosted-core.ts';
import type { Logger } from '../platform/log.ts';
import { isCallEnvelope } from './call-envelope.ts';

export const socketPath = '/rpc';

/** Room for a vault's backup, which the window restores in one message. */
const maxMessageBytes = 64 * 1024 * 1024;
const pingIntervalMs = 30_000;
/** RFC 6455 section 7.4.1: the message is not of the kind that this endpoint takes. */
const unsupportedData = 1003;
const goingAway = 1001;

/**
 * What oRPC's handler has of a connection: it answers there, and is told of each message.
 * Listening by itself, it would print every failure on the console, past the log that redacts.
 */
type Carrier = Parameters<RPCHandler<CallContext>['message']>[0];

export class WindowSocket {
  readonly #handler: RPCHandler<CallContext>;
  readonly #logger: Logger;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // Never the window's key, which is offered beside it.
    handleProtocols: (offered) => (offered.has(windowProtocol) ? windowProtocol : false),
  });
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;

  constructor(core: HostedCore, logger: Logger) {
    this.#handler = new RPCHandler(core.router);
    this.#logger = logger;
    this.#pinging = setInterval(() => this.#pingAll(), pingIntervalMs).unref();
  }

  /** Completes the handshake, and answers the calls of `context`'s session until either side closes. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer, context: CallContext): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      socket.on('pong', () => this.#silent.delete(socket));
      // Without a listener a broken frame would end the process; ws closes the connection itself.
      socket.on('error', (error) => this.#logger.warn('a window sent what is no WebSocket message', { error }));
      socket.binaryType = 'arraybuffer';
      const carrier: Carrier = { send: (message) => socket.send(message), addEventListener: () => {} };
      socket.on('message', (data) => {
        const message = data instanceof ArrayBuffer ? data : data.toString();
        if (isCallEnvelope(message)) this.#call(carrier, message, context);
        else socket.close(unsupportedData);
      });
      socket.on('close', () => this.#handler.close(carrier));
    });
  }

  #call(carrier: Carrier, message: string | ArrayBuffer, context: CallContext): void {
    this.#handler.message(carrier, message, { context }).catch((error: unknown) => {
      this.#logger.warn("a window's call broke off", { error });
    });
  }

  close(): void {
    clearInterval(this.#pinging);
    for (const socket of this.#server.clients) {
      socket.close(goingAway);
      socket.terminate();
    }
    this.#server.close();
  }

  /** Ends the connections that did not answer the last ping. */
  #pingAll(): void {
    for (const socket of this.#server.clients) {
      if (this.#silent.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#silent.add(socket);
      socket.ping();
    }
  }
}

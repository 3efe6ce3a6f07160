// The window's calls over a WebSocket at /rpc. Who may open one was decided at the door; a locked vault does not close it.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { CallContext } from '../core/session.ts';
import type { HostedCore } from '../host-common/hosted-core.ts';
import type { Logger } from '../platform/log.ts';

export const socketPath = '/rpc';

/** Room for a vault's backup, which the window restores in one message. */
const maxMessageBytes = 64 * 1024 * 1024;
const pingIntervalMs = 30_000;
/** RFC 6455 section 7.4.1: the message is not of the kind that this endpoint takes. */
const unsupportedData = 1003;
const goingAway = 1001;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Closes on a text that is no JSON: oRPC would print the parser's complaint, which quotes the text, on the console. */
class JsonSocket extends WebSocket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const [data, isBinary] = values;
    if (event === 'message' && isBinary === false && !isJson(String(data))) {
      this.close(unsupportedData);
      return false;
    }
    return super.emit(event, ...values);
  }
}

export class WindowSocket {
  readonly #handler: RPCHandler<CallContext>;
  readonly #logger: Logger;
  readonly #server = new WebSocketServer({
    noServer: true,
    WebSocket: JsonSocket,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
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
      void this.#handler.upgrade(socket, { context });
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

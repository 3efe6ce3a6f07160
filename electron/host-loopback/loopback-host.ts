// HTTP and WebSocket on 127.0.0.1, for machines where Electron cannot run. It serves the built window to a browser,
// its calls over a WebSocket, and the REST API.
// Nothing but the health check and the start address with its script answers without a session.

import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { HostedCore } from '../host-common/hosted-core.ts';
import type { RendererFiles } from '../host-common/renderer-files.ts';
import type { Logger } from '../platform/log.ts';
import { Door } from './door.ts';
import { listenOnLoopback } from './listen.ts';
import { OwnAddress } from './own-address.ts';
import { send, sendFailure, setSecurityHeaders } from './response.ts';
import { healthPath, RestApi } from './rest-api.ts';
import { createToken } from './secret-token.ts';
import { SessionBook } from './session-book.ts';
import { StartPage, startPath, startScriptPath } from './start-page.ts';
import { socketPath, WindowSocket } from './window-socket.ts';

/** A browser opens seven at most; enough for every window and program, and far below a process's usual 1024 files. */
export const maxConnections = 256;

export type LoopbackHostOptions = {
  readonly core: HostedCore;
  /** 0 picks a free one. */
  readonly port: number;
  readonly files: RendererFiles;
  readonly logger: Logger;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonicMs: () => number;
  readonly version: string;
  /** The operator's name in the audit trail. */
  readonly actor: string;
};

export type LoopbackAddress = {
  /** The start address: signs one browser in, once. */
  readonly url: string;
  /** The bearer token for programs. */
  readonly token: string;
  readonly port: number;
};

type Parts = {
  readonly address: OwnAddress;
  readonly door: Door;
  readonly startPage: StartPage;
};

export class LoopbackHost {
  readonly #options: LoopbackHostOptions;
  readonly #server: Server;
  readonly #rest: RestApi;
  readonly #socket: WindowSocket;

  constructor(options: LoopbackHostOptions) {
    this.#options = options;
    // Any other upgrade may be ignored (RFC 9110 section 7.8), as curl's offer of `h2c` must be.
    this.#server = createServer({ shouldUpgradeCallback: asksForWebSocket });
    this.#server.maxConnections = maxConnections;
    this.#rest = new RestApi(options.core, options.version);
    this.#socket = new WindowSocket(options.core, options.logger);
  }

  /** Listens on 127.0.0.1. Throws `host/port-busy` or `host/port-forbidden`. */
  async start(): Promise<LoopbackAddress> {
    const port = await listenOnLoopback(this.#server, this.#options.port);
    const token = createToken();
    const address = new OwnAddress(port);
    const { monotonicMs, actor } = this.#options;
    const sessions = new SessionBook({ monotonicMs, actor, bearerToken: token });
    const door = new Door(address, sessions);
    const newStartAddress = () => `${address.origin}${startPath}?token=${sessions.issueStartToken()}`;
    const parts = { address, door, startPage: new StartPage({ door, sessions, newStartAddress }) };
    this.#server.on('request', (request, response) => void this.#answer(parts, request, response));
    this.#server.on('upgrade', (request, stream, head) => this.#upgrade(parts, request, stream, head));
    return { url: newStartAddress(), token, port };
  }

  /** Ends every connection. The core stays, for whoever started it to close. */
  async close(): Promise<void> {
    this.#socket.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      setSecurityHeaders(response, parts.address);
      parts.door.checkOrigin(request);
      await this.#route(parts, request, response, urlOf(request, parts.address));
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  async #route(parts: Parts, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === startPath) return parts.startPage.handle(request, response, url);
    if (url.pathname === startScriptPath) return parts.startPage.sendScript(response);
    if (!url.pathname.startsWith('/api/')) return this.#sendFile(parts, request, response, url);
    parts.door.checkFetchSite(request);
    if (url.pathname === healthPath && request.method === 'GET') {
      // Not asked of the core, where any call counts as a sign of life and would put off the idle lock.
      send(response, 200, 'application/json', JSON.stringify({ status: 'ok' }));
      return;
    }
    const session = parts.door.admitProgram(request);
    await this.#rest.handle(request, response, url, { session });
  }

  async #sendFile(parts: Parts, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    parts.door.admitReader(request);
    const file = await this.#options.files.read(url.pathname);
    if (!file) throw new ConsoleError('input/not-found');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      throw new ConsoleError('input/method-not-allowed');
    }
    send(response, 200, file.mediaType, file.content);
  }

  #upgrade(parts: Parts, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    try {
      parts.door.checkOrigin(request);
      parts.door.checkFetchSite(request);
      if (urlOf(request, parts.address).pathname !== socketPath) throw new ConsoleError('input/not-found');
      const session = parts.door.admitCaller(request);
      this.#socket.accept(request, stream, head, { session });
    } catch (error) {
      const response = refusalOn(stream, request);
      setSecurityHeaders(response, parts.address);
      this.#fail(request, response, error);
    }
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (!(error instanceof ConsoleError)) {
      this.#options.logger.error('a request failed', { method: request.method, error });
    }
    if (response.headersSent) response.destroy();
    else
      sendFailure(request, response, error instanceof ConsoleError ? error : new ConsoleError('internal/unexpected'));
  }
}

const asksForWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** The request's address. Throws `input/not-found` for one that is no path of ours, such as a proxy's absolute form. */
function urlOf(request: IncomingMessage, address: OwnAddress): URL {
  const target = request.url ?? '';
  const url = target.startsWith('/') && !target.startsWith('//') ? URL.parse(target, address.origin) : null;
  if (!url) throw new ConsoleError('input/not-found');
  return url;
}

/** An ordinary HTTP answer on a connection that asked for an upgrade, which is gone after it. */
function refusalOn(stream: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  // Node hands the connection's socket over; its type says only Duplex, as HTTP may run on others.
  const socket = stream as Parameters<ServerResponse['assignSocket']>[0];
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // Ending it would leave it half-open for as long as the other side likes.
  response.once('finish', () => socket.destroySoon());
  return response;
}

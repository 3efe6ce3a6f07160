// A loopback host of the test's own, and requests to it that may lie about anything a browser would not.

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HostedCore } from '../../electron/host-common/hosted-core.ts';
import { RendererFiles } from '../../electron/host-common/renderer-files.ts';
import { type LoopbackAddress, LoopbackHost } from '../../electron/host-loopback/loopback-host.ts';
import { createLogger } from '../../electron/platform/log.ts';
import { windowKeyName } from '../../shared/model/window-key.ts';

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };
export type Asking = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Iterable<Uint8Array>;
};

export class RunningLoopback {
  readonly address: LoopbackAddress;
  readonly log: string[];

  constructor(address: LoopbackAddress, log: string[]) {
    this.address = address;
    this.log = log;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.address.port}`;
  }

  get bearer(): { readonly authorization: string } {
    return { authorization: `Bearer ${this.address.token}` };
  }

  /** `path` is sent as it is, without the tidying that URL does. */
  async ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
    const request = httpRequest({ host: '127.0.0.1', port: this.address.port, path, method, headers, agent: false });
    const answered = once(request, 'response');
    // A host that refuses a body may hang up before it was sent whole.
    request.on('error', () => {});
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) request.end(body);
    else {
      for (const part of body) request.write(part);
      request.end();
    }
    const [response] = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return {
      status: response.statusCode,
      headers: response.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    };
  }

  /** A JSON call of a program; the answer's body parsed. */
  async call(method: string, path: string, body?: unknown): Promise<Answer & { readonly json: unknown }> {
    const answer = await this.ask(path, {
      method,
      headers: { ...this.bearer, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) };
  }

  /** Opens the start address as a browser does; returns the Cookie header for later. */
  async signIn(): Promise<string> {
    return (await this.openWindow()).cookie;
  }

  /** Opens the start address as a browser does; returns the headers with which its window opens a WebSocket. */
  async openWindow(): Promise<WindowHeaders> {
    const { pathname, search } = new URL(this.address.url);
    const { headers, text } = await this.ask(`${pathname}${search}`);
    return {
      cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '',
      origin: this.origin,
      'sec-websocket-protocol': `voke, ${windowKeyIn(text) ?? ''}`,
    };
  }
}

export type WindowHeaders = {
  readonly cookie: string;
  readonly origin: string;
  readonly 'sec-websocket-protocol': string;
};

/** The window's key that a start page hands over. */
export const windowKeyIn = (page: string): string | undefined =>
  new RegExp(`<meta name="${windowKeyName}" content="([^"]+)">`).exec(page)?.[1];

/** The built window, as far as tests of the hosts need one; with a secret beside its folder. */
export async function rendererFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-window-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const renderer = join(folder, 'renderer');
  await mkdir(join(renderer, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'beside the folder');
  await writeFile(
    join(renderer, 'index.html'),
    '<!doctype html><title>Window</title><script type="module" src="./assets/main.js"></script><p id="state">…</p>',
  );
  await writeFile(
    join(renderer, 'assets', 'main.js'),
    `const socket = new WebSocket(\`ws://\${location.host}/rpc\`, ['voke', sessionStorage.getItem('${windowKeyName}') ?? 'none']);
     const show = (text) => { document.getElementById('state').textContent = text; };
     socket.addEventListener('open', () => show('connected'));
     socket.addEventListener('error', () => show('refused'));`,
  );
  return renderer;
}

/** Starts a host in front of `core`; it is closed when the test ends. */
export async function startLoopback(
  core: HostedCore,
  { monotonicMs = () => performance.now(), folder }: { monotonicMs?: () => number; folder?: string } = {},
): Promise<RunningLoopback> {
  const log: string[] = [];
  const host = new LoopbackHost({
    core,
    monotonicMs,
    port: 0,
    files: await RendererFiles.open(folder ?? (await rendererFolder())),
    logger: createLogger((line) => log.push(line)),
    version: '1.2.3',
    actor: 'engineer',
  });
  const address = await host.start();
  onTestFinished(() => host.close());
  return new RunningLoopback(address, log);
}

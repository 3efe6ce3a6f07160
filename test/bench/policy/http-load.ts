// A worker thread that asks over HTTP with keep-alive: so many connections, one question at a time on each, as brokers do.
// It writes ready-made bytes and only looks for where an answer ends, so that it is never what is measured.

import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

export type Load = {
  readonly port: number;
  readonly connections: number;
  readonly count: number;
  /** Whole requests, taken in turn. */
  readonly requests: readonly Uint8Array[];
};
export type LoadResult = { readonly perSecond: number; readonly ok: number };

async function run({ port, connections, count, requests }: Load): Promise<LoadResult> {
  let sent = 0;
  let ok = 0;
  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let unread = '';
      const ask = () => {
        const request = requests[sent % requests.length];
        if (sent >= count || !request) return void socket.end(resolve);
        sent += 1;
        socket.write(request);
      };
      socket.on('error', reject).on('connect', ask);
      socket.on('data', (chunk) => {
        unread += chunk.toString('latin1');
        const end = endOfAnswer(unread);
        if (end === undefined) return;
        if (unread.startsWith('HTTP/1.1 200')) ok += 1;
        unread = unread.slice(end);
        ask();
      });
    });
  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  return { perSecond: (count / (performance.now() - begin)) * 1000, ok };
}

function endOfAnswer(text: string): number | undefined {
  const body = text.indexOf('\r\n\r\n') + 4;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (body === 3 || length === undefined) return undefined;
  const end = body + Number(length);
  return text.length >= end ? end : undefined;
}

parentPort?.postMessage(await run(workerData as Load));

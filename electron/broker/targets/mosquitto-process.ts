// One running mosquitto that this console started.
// - It counts as started when every listener takes connections, its log holds no error, and it has served one
//   connection: a signal that comes before its main loop runs is lost on Mosquitto, or ends it.
// - After SIGHUP its log is read: Mosquitto 2.0 goes on without a file it cannot read, which leaves it open to everyone.
//   So an error in the log of a reload is a failed reload.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { ConfListener } from '../../../shared/model/mosquitto/conf.ts';
import type { RecentLines } from '../../platform/recent-lines.ts';
import type { EventLines } from '../event-lines.ts';
import type { SessionLog } from '../session-log.ts';
import { accepts, roundTrip } from './listener-address.ts';

const startTimeoutMs = 15_000;
const reloadTimeoutMs = 15_000;
const roundTripTimeoutMs = 5_000;
const stopTimeoutMs = 5_000;
const pollMs = 25;
const shownLines = 10;
/**
 * Mosquitto writes each line by itself, three a message where it logs all: what comes meanwhile is read at once. A pipe
 * holds 64 KiB; it must not fill, or the broker waits.
 */
const gatherMs = 3;

const isErrorLine = (line: string): boolean => /(^|\s)Error: /.test(line);

export type MosquittoStart = {
  readonly program: string;
  readonly confPath: string;
  readonly directory: string;
  readonly listeners: readonly ConfListener[];
  readonly log: RecentLines;
  readonly events: EventLines;
  readonly sessions: SessionLog;
  /** Called when it ends although nobody stopped it. */
  readonly onUnexpectedExit: () => void;
};

export class MosquittoProcess {
  readonly #start: MosquittoStart;
  readonly #child: ChildProcess;
  #hasEnded = false;
  #isStopping = false;

  private constructor(start: MosquittoStart) {
    this.#start = start;
    this.#child = spawn(start.program, ['-c', start.confPath], {
      cwd: start.directory,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        start.log.write(text);
        start.events.write(text);
        start.sessions.write(text);
        stream.pause();
        setTimeout(() => stream.resume(), gatherMs);
      });
    }
    this.#child.once('error', (error) => {
      for (const log of [start.log, start.events]) log.write(`Error: ${error.message}\n`);
      this.#hasEnded = true;
    });
    this.#child.once('close', () => {
      this.#hasEnded = true;
    });
  }

  /** Throws `broker/start-failed` with what the log says; nothing runs then. */
  static async start(start: MosquittoStart): Promise<MosquittoProcess> {
    const position = start.log.position;
    const mosquitto = new MosquittoProcess(start);
    const deadline = Date.now() + startTimeoutMs;
    const hasError = () => start.log.since(position).some(isErrorLine);
    while (!mosquitto.#hasEnded && !hasError() && Date.now() < deadline) {
      if ((await mosquitto.#serves()) && !mosquitto.#hasEnded && !hasError()) {
        mosquitto.#child.once('close', () => {
          if (!mosquitto.#isStopping) start.onUnexpectedExit();
        });
        return mosquitto;
      }
      await delay(pollMs);
    }
    await mosquitto.stop();
    throw mosquitto.#failure(position);
  }

  async #serves(): Promise<boolean> {
    const { listeners } = this.#start;
    const answers = await Promise.all(listeners.map(accepts));
    return answers.every(Boolean) && this.#roundTrip();
  }

  async #roundTrip(): Promise<boolean> {
    const listener = this.#start.listeners[0];
    return listener !== undefined && roundTrip(listener, roundTripTimeoutMs);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return !this.#hasEnded && !this.#isStopping;
  }

  /** Has it reread its files. Throws `broker/start-failed` when it could not read one of them, or ended over it. */
  async reload(): Promise<void> {
    const { log } = this.#start;
    const position = log.position;
    this.#child.kill('SIGHUP');
    const deadline = Date.now() + reloadTimeoutMs;
    const heard = () => log.since(position).some((line) => line.includes('Reloading config'));
    while (!heard() && !this.#hasEnded && Date.now() < deadline) await delay(pollMs);
    const isThrough = heard() && (await this.#roundTrip());
    // What it wrote meanwhile may still lie in the pipe.
    await delay(pollMs);
    if (!isThrough || this.#hasEnded || log.since(position).some(isErrorLine)) throw this.#failure(position);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#hasEnded) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs);
    await closed;
    clearTimeout(timer);
  }

  #failure(position: number): ConsoleError {
    const lines = this.#start.log.since(position);
    const because = lines.find(isErrorLine) ?? lines.at(-1);
    return new ConsoleError('broker/start-failed', {
      ...(because !== undefined && { because }),
      details: { log: lines.slice(-shownLines) },
    });
  }
}

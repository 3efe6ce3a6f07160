// Plays a recording with the pauses that it had, shortened or lengthened by its speed. It holds no more than a chunk of
// the file. Times are the recording's own: whoever shows what is played takes `now` for the present.
// - Forward to a time is played as fast as possible, so that what holds at that time has been said; backward begins anew.
// - A recording may jump back in time where the clock was set; it is played on without a pause then.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedGap, ReplaySpeed } from '../../../shared/model/recording.ts';
import { endOfSlice } from '../../platform/slices.ts';
import type { IncomingMessage } from '../topic-store.ts';
import { toIncoming } from './recorded-message.ts';
import { recordingCaps } from './recording-facts.ts';
import { type RecordingEnd, readRecording } from './recording-reader.ts';

/** The time on the wall in milliseconds, from any beginning, and waiting in it; a wait that is aborted just ends. */
export type WallTime = {
  readonly now: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

const realTime: WallTime = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

export type ReplayOptions = {
  readonly path: string;
  readonly speed: ReplaySpeed;
  /** Times of the first and the last message, Unix milliseconds. */
  readonly from: number;
  readonly until: number;
  /** Awaited before the next one. `isCatchingUp`: it only leads to the time that was asked for. */
  readonly onMessage: (message: IncomingMessage, isCatchingUp: boolean) => void | Promise<void>;
  /** It begins anew: what was played so far counts no more. */
  readonly onRestart: () => void;
  /** Left out, the real one. */
  readonly wall?: WallTime;
};

export type ReplayProgress = {
  readonly state: 'running' | 'paused' | 'ended' | 'failed';
  readonly speed: ReplaySpeed;
  readonly position: number;
  readonly messages: number;
  readonly badLines: number;
  readonly isCut: boolean;
  readonly gap: RecordedGap | null;
};

/** Timers take no more than 31 bits; whoever waits longer waits again. */
const longestWaitMs = 60_000;

export class Replay {
  readonly #options: ReplayOptions;
  readonly #wall: WallTime;
  readonly #stopping = new AbortController();
  /** Aborted whenever the operator changed something. */
  #turn = new AbortController();
  #state: ReplayProgress['state'] = 'running';
  #speed: ReplaySpeed;
  /** The time that was recorded, and the one on the wall, from which the next messages are counted. */
  #anchor: { readonly time: number; readonly wall: number };
  #last: number;
  #next: number | undefined;
  #target: number | undefined;
  #restarts = false;
  #messages = 0;
  #gap: RecordedGap | null = null;
  #end: RecordingEnd | undefined;
  readonly #running: Promise<void>;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#wall = options.wall ?? realTime;
    this.#speed = options.speed;
    this.#last = options.from;
    this.#anchor = { time: options.from, wall: this.#wall.now() };
    this.#running = this.#run();
  }

  progress(): ReplayProgress {
    const { badLines = 0, ending } = this.#end ?? {};
    const isCut = ending !== undefined && ending !== 'complete';
    const position = this.now();
    const [state, speed, messages, gap] = [this.#state, this.#speed, this.#messages, this.#gap];
    return { state, speed, position, messages, badLines, isCut, gap };
  }

  /** Where it is, in the time that was recorded; Unix milliseconds. */
  now(): number {
    if (this.#next === undefined || this.#state === 'ended') return this.#last;
    const { time, wall } = this.#anchor;
    // It stands where it was held, or where it was told to go: between two messages.
    if (this.#state === 'paused') return Math.max(this.#last, Math.min(this.#next, time));
    if (this.#speed === null) return this.#last;
    const reached = time + (this.#wall.now() - wall) * this.#speed;
    return Math.max(this.#last, Math.min(this.#next, reached));
  }

  setSpeed(speed: ReplaySpeed): void {
    this.#change(() => {
      this.#speed = speed;
    });
  }

  pause(): void {
    if (this.#state === 'running') this.#change(() => this.#setState('paused'));
  }

  /** Goes on; once it has ended, from the beginning. */
  resume(): void {
    if (this.#state === 'ended') this.seek(this.#options.from);
    if (this.#state === 'paused') this.#change(() => this.#setState('running'));
  }

  /** To this time, in the time that was recorded. */
  seek(time: number): void {
    if (this.#state === 'failed') return;
    this.#change(() => {
      this.#restarts ||= time < this.#last || this.#state === 'ended';
      this.#target = time;
      if (this.#state === 'ended') this.#setState('running');
    });
  }

  /** Resolves when nothing is played any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #setState(state: ReplayProgress['state']): void {
    this.#state = state;
  }

  #change(change: () => void): void {
    const time = this.now();
    change();
    this.#anchor = { time, wall: this.#wall.now() };
    this.#turn.abort();
    this.#turn = new AbortController();
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        await this.#play();
        if (this.#restarts || this.#stopping.signal.aborted) continue;
        this.#setState('ended');
        while (this.#state === 'ended' && !this.#stopping.signal.aborted) await this.#wait(longestWaitMs);
      }
    } catch {
      this.#setState('failed');
    }
  }

  /** From the beginning to the end, or to where the operator wants it to begin anew. */
  async #play(): Promise<void> {
    if (this.#restarts) this.#options.onRestart();
    this.#restarts = false;
    this.#messages = 0;
    this.#gap = null;
    this.#end = undefined;
    this.#last = this.#options.from;
    this.#anchor = { time: this.#last, wall: this.#wall.now() };
    const turn = endOfSlice();
    const messages = readRecording(this.#options.path, recordingCaps);
    try {
      for (;;) {
        const read = await messages.next();
        if (read.done) {
          this.#end = read.value;
          return;
        }
        if ('missing' in read.value) {
          this.#gap = read.value.missing;
          continue;
        }
        const message = toIncoming(read.value);
        this.#next = message.receivedAt;
        const isCatchingUp = await this.#due(message.receivedAt);
        if (this.#restarts || this.#stopping.signal.aborted) return;
        this.#messages += 1;
        this.#last = message.receivedAt;
        await this.#options.onMessage(message, isCatchingUp);
        await turn();
      }
    } finally {
      this.#next = undefined;
      await messages.return({ messages: 0, badLines: 0, ending: 'complete' });
    }
  }

  /** Waits until the message of this time is due; answers whether it only leads to the time that was asked for. */
  async #due(time: number): Promise<boolean> {
    while (!this.#restarts && !this.#stopping.signal.aborted) {
      if (this.#target !== undefined) {
        if (time < this.#target) return true;
        this.#anchor = { time: this.#target, wall: this.#wall.now() };
        this.#target = undefined;
      }
      if (this.#state === 'paused') {
        await this.#wait(longestWaitMs);
        continue;
      }
      if (this.#speed === null) return false;
      const wait = (time - this.#anchor.time) / this.#speed - (this.#wall.now() - this.#anchor.wall);
      if (wait <= 0) {
        // Behind by far, or back in time: counted from here.
        if (time < this.#anchor.time) this.#anchor = { time, wall: this.#wall.now() };
        return false;
      }
      await this.#wait(Math.min(wait, longestWaitMs));
    }
    return false;
  }

  async #wait(milliseconds: number): Promise<void> {
    const signal = AbortSignal.any([this.#turn.signal, this.#stopping.signal]);
    await this.#wall.wait(milliseconds, signal);
  }
}

// What a recording misses, by kind, and where. The monitor counts since it hears, the recording since it began, so only
// what is added counts; a monitor that takes another's place counts from 0.

import type { RecordingLosses } from '../../../shared/model/recording.ts';
import type { RecordedLoss } from './recorded-message.ts';

type Kind = RecordedLoss['missing']['what'];

/** What a monitor left out, and what its broker says it dropped, since it hears; null where the broker does not say. */
export type MonitorLosses = { readonly oversized: number; readonly droppedByBroker: number | null };

type Span = { readonly from: number; readonly messages: number };

const none: MonitorLosses = { oversized: 0, droppedByBroker: null };

/** Times are Unix milliseconds. */
export class LossMeter {
  readonly #now: () => number;
  readonly #messages = { dropped: 0, oversized: 0, droppedByBroker: 0 };
  /** Not told yet by `take`. */
  readonly #untold = new Map<Kind, Span>();
  #monitor: () => MonitorLosses = () => none;
  #seen = none;
  #brokerSays = false;
  #lookedAt: number;
  #awaySince: number | undefined;
  #gaps = 0;
  #gapMs = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#lookedAt = now();
  }

  /** What this monitor has counted so far is not the recording's; with `isNew`, it took another's place and began at 0. */
  follow(monitor: () => MonitorLosses, isNew: boolean): void {
    this.#look();
    this.#monitor = monitor;
    this.#seen = isNew ? none : monitor();
    this.#brokerSays ||= this.#seen.droppedByBroker !== null;
  }

  /** Quick: it is told of every message that is lost. */
  note(kind: 'dropped' | 'oversized' | 'droppedByBroker', messages: number, from = this.#now()): void {
    if (messages <= 0) return;
    this.#messages[kind] += messages;
    const known = this.#untold.get(kind);
    this.#untold.set(kind, { from: known?.from ?? from, messages: (known?.messages ?? 0) + messages });
  }

  setConnected(isConnected: boolean): void {
    if (isConnected) this.#back();
    else this.#awaySince ??= this.#now();
  }

  /** Where something was lost since the last call, for the file. `isEnd`: a gap that lasts ends with the recording. */
  take(isEnd = false): RecordedLoss[] {
    this.#look();
    if (isEnd) this.#back();
    const until = this.#now();
    const told = [...this.#untold].map(([what, { from, messages }]) => ({ missing: { what, from, until, messages } }));
    this.#untold.clear();
    return [...this.#ended.splice(0), ...told];
  }

  /** A gap that lasts counts as far as it goes. */
  counts(): RecordingLosses {
    this.#look();
    const { dropped, oversized, droppedByBroker } = this.#messages;
    const lasting = this.#awaySince === undefined ? undefined : Math.max(0, this.#now() - this.#awaySince);
    return {
      dropped,
      oversized,
      droppedByBroker: this.#brokerSays ? droppedByBroker : null,
      gaps: this.#gaps + (lasting === undefined ? 0 : 1),
      gapMs: this.#gapMs + (lasting ?? 0),
    };
  }

  readonly #ended: RecordedLoss[] = [];

  #back(): void {
    const from = this.#awaySince;
    if (from === undefined) return;
    this.#awaySince = undefined;
    // The clock may have been set back meanwhile.
    const until = Math.max(from, this.#now());
    this.#gaps += 1;
    this.#gapMs += until - from;
    this.#ended.push({ missing: { what: 'away', from, until } });
  }

  #look(): void {
    const { oversized, droppedByBroker } = this.#monitor();
    const before = this.#seen;
    this.#seen = { oversized, droppedByBroker };
    this.note('oversized', oversized - before.oversized, this.#lookedAt);
    this.note('droppedByBroker', (droppedByBroker ?? 0) - (before.droppedByBroker ?? 0), this.#lookedAt);
    this.#brokerSays ||= droppedByBroker !== null;
    this.#lookedAt = this.#now();
  }
}

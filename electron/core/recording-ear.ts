import { isDeepStrictEqual } from 'node:util';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { MonitorConnection } from '../../shared/model/monitor.ts';
import type { MonitorSettings } from '../../shared/model/monitor-settings.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Recorder } from '../monitor/recording/recorder.ts';
import type { IncomingMessage } from '../monitor/topic-store.ts';
import type { Gone, Tap } from './live-monitors.ts';

export type Listening = Pick<MonitorSettings, 'identity' | 'filters' | 'includeSys'>;

const listeningOf = ({ identity, filters, includeSys }: MonitorSettings): Listening => ({
  identity,
  filters,
  includeSys,
});

/** Hears the monitors of one broker for a recording. */
export class RecordingEar implements Tap {
  readonly #recorder: Recorder;
  #listening: Listening | undefined;
  #leave: () => void = () => {};

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    void recorder.ended.then(() => this.#leave());
  }

  /** What is listened to, and as whom. Throws `monitor/not-connected` before it heard of a monitor. */
  listens(): Listening {
    if (!this.#listening) throw new ConsoleError('monitor/not-connected');
    return this.#listening;
  }

  readonly onMessage = (message: IncomingMessage): void => this.#recorder.take(message);

  readonly onGone = (why: Gone): void => void this.#recorder.stop(why === 'locked' ? 'locked' : 'stopped');

  readonly onMonitor = (monitor: Monitor, settings: MonitorSettings): void => {
    const listening = listeningOf(settings);
    const isFirst = this.#listening === undefined;
    this.#listening ??= listening;
    if (!isDeepStrictEqual(this.#listening, listening)) return void this.#recorder.stop('replaced');
    this.#recorder.follow(() => monitor.counts(), !isFirst);
    const note = ({ state }: MonitorConnection) => this.#recorder.setConnected(state === 'connected');
    note(monitor.connection());
    this.#leave();
    this.#leave = monitor.onConnection(note);
  };
}

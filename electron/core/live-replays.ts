// Recordings that are played: each to a monitor of its own, which is looked at like a broker's but is none, or to the
// practice broker. What is played is never taken for a plant's sign of life (live-monitors.ts), and nothing of it stays:
// it is published without the retain flag, or the broker would say it again long after the replay, as the plant's word.

import { randomUUID } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { defaultMonitorBudget } from '../../shared/model/monitor-settings.ts';
import type { ReplaySpeed, Replay as ReplayView } from '../../shared/model/recording.ts';
import { Monitor, type SignatureState } from '../monitor/monitor.ts';
import { Replay } from '../monitor/recording/replay.ts';
import type { IncomingMessage } from '../monitor/topic-store.ts';
import type { OperationContext } from '../operations/context.ts';
import { contentsToPlay, requireRecording } from '../operations/recordings.ts';
import type { Logger } from '../platform/log.ts';
import type { LiveBrokers } from './live-brokers.ts';
import { type LiveMonitors, monitorValueBytes } from './live-monitors.ts';

type Options = {
  readonly folder: string;
  readonly monitors: LiveMonitors;
  readonly brokers: LiveBrokers;
  readonly logger: Logger;
};

type Target = ReplayView['target'];

type Running = {
  readonly recordingId: string;
  readonly target: Target;
  readonly from: number;
  readonly until: number;
  /** As the vault knows it: a console that died leaves a file that looks whole. */
  readonly wasCut: boolean;
  readonly replay: Replay;
  readonly skipped: () => number;
  readonly end: () => Promise<void>;
};

/** What a replay is played to. */
type Stage = {
  readonly onMessage: (message: IncomingMessage, isCatchingUp: boolean) => void | Promise<void>;
  readonly onRestart: () => void;
  readonly skipped: () => number;
  readonly end: () => Promise<void>;
};

export class LiveReplays {
  readonly #options: Options;
  readonly #running = new Map<string, Running>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws `recording/not-found`, `recording/running`, `recording/file-missing`, `vault/locked`, `replay/no-practice-broker`. */
  async start(context: OperationContext, recordingId: string, target: Target, speed: ReplaySpeed): Promise<ReplayView> {
    const contents = await contentsToPlay(context, this.#options.folder, recordingId);
    // The vault may have been locked meanwhile, or the recording deleted.
    const wasCut = requireRecording(context, recordingId).ending === 'cut';
    const replayId = randomUUID();
    const now = () => this.#running.get(replayId)?.replay.now() ?? contents.from;
    const stage = target === 'monitor' ? this.#monitorStage(replayId, now) : this.#practiceStage(context);
    const { onMessage, onRestart, skipped, end } = stage;
    const replay = new Replay({ ...contents, speed, onMessage, onRestart });
    this.#running.set(replayId, { recordingId, target, ...contents, wasCut, replay, skipped, end });
    return this.#view(replayId);
  }

  list(): ReplayView[] {
    return [...this.#running.keys()].map((replayId) => this.#view(replayId));
  }

  /** Throws `replay/not-found`. */
  control(
    replayId: string,
    wish: {
      readonly speed?: ReplaySpeed | undefined;
      readonly isPaused?: boolean | undefined;
      readonly seek?: number | undefined;
    },
  ): ReplayView {
    const { replay } = this.#require(replayId);
    if (wish.speed !== undefined) replay.setSpeed(wish.speed);
    if (wish.seek !== undefined) replay.seek(wish.seek);
    if (wish.isPaused === true) replay.pause();
    if (wish.isPaused === false) replay.resume();
    return this.#view(replayId);
  }

  /** Throws `replay/not-found`. */
  async end(replayId: string): Promise<void> {
    const { replay, end } = this.#require(replayId);
    this.#running.delete(replayId);
    await replay.stop();
    await end();
  }

  /** Of a recording that is no more. */
  async endAllOf(recordingId: string): Promise<void> {
    for (const [replayId, running] of this.#running) if (running.recordingId === recordingId) await this.end(replayId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((replayId) => this.end(replayId)));
  }

  #require(replayId: string): Running {
    const running = this.#running.get(replayId);
    if (!running) throw new ConsoleError('replay/not-found', { details: { replayId } });
    return running;
  }

  #view(replayId: string): ReplayView {
    const { recordingId, target, from, until, wasCut, replay, skipped } = this.#require(replayId);
    const { position, isCut, ...progress } = replay.progress();
    return {
      replayId,
      recordingId,
      target,
      from,
      until,
      position: Math.round(position),
      ...progress,
      isCut: wasCut || isCut,
      skipped: skipped(),
    };
  }

  /** Its clock is that of the recording, so that ages and rates are those that an observer would have seen. */
  #monitorStage(replayId: string, now: () => number): Stage {
    const { monitors, logger } = this.#options;
    const { topics, payloadBytes, historyBytes } = defaultMonitorBudget;
    let hear: (message: IncomingMessage) => void = () => {};
    let hide: () => Promise<void> = async () => {};
    const open = () => {
      const monitor = new Monitor({
        source: ({ onState, onMessage }) => {
          hear = onMessage;
          return {
            start: () => onState({ state: 'connected', reason: null }),
            stop: async () => onState({ state: 'stopped', reason: null }),
          };
        },
        budget: { topics, bytes: payloadBytes, valueBytes: monitorValueBytes },
        historyBytes,
        clock: { now: () => new Date(now()) },
        logger,
        checkSignature: (topic, payload): SignatureState => monitors.checkSignature(topic, payload),
      });
      const before = hide;
      hide = monitors.show(replayId, monitor);
      monitor.start();
      void before();
    };
    open();
    return { onMessage: (message) => hear(message), onRestart: open, skipped: () => 0, end: () => hide() };
  }

  /** Throws `replay/no-practice-broker`. */
  #practiceStage(context: OperationContext): Stage {
    const { monitors, brokers } = this.#options;
    const running = brokers.practice();
    // There may be several in the register: what is played counts for nothing on the one that it is played to.
    const row = context.vault.brokers.list().find(({ brokerId }) => running && brokers.known(brokerId) === running);
    if (!row) throw new ConsoleError('replay/no-practice-broker');
    let skipped = 0;
    return {
      onMessage: async ({ topic, payload, qos }, isCatchingUp) => {
        const broker = brokers.practice();
        if (broker !== running || !broker || isCatchingUp || !isPublishable(topic)) {
          skipped += 1;
          return;
        }
        monitors.ownMessages.notePlayed(row.brokerId);
        await broker.publish({ topic, payload, qos, retain: false });
      },
      onRestart: () => {
        skipped = 0;
      },
      skipped: () => skipped,
      end: async () => {},
    };
  }
}

/** Not a broker's own (MQTT 5, section 4.7.2), and no filter. */
const isPublishable = (topic: string): boolean => !/^\$|[+#\0]/.test(topic);

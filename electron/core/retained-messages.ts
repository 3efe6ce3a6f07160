// Retained messages of a broker: listed first, then exactly those deleted.
// - What was published there after the list was read is somebody's new word: it is left alone, and told. So are topics
//   that came since.
// - Deleting ends with a look at what the broker keeps, through a session that begins only then.

import { setImmediate } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RetainedList } from '../../shared/model/publish.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { lookAtRetained, type RetainedLook, type RetainedTopic } from '../monitor/retained-topics.ts';
import { audit } from '../operations/context.ts';
import { monitorConnection } from '../operations/monitor-connection.ts';
import { isLive, plantsOfTopic, stateWords } from '../operations/publish-guard.ts';
import type { Clock } from '../platform/clock.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { Confirmations } from './confirmations.ts';
import type { Jobs } from './jobs.ts';
import { askLifeSigns } from './life-signs.ts';
import type { LiveBrokers } from './live-brokers.ts';
import { type LiveMonitors, settingsOf } from './live-monitors.ts';
import { auditText, connectedMonitor, type PublishCall } from './publish-call.ts';

/** Deletions in one step of the job. */
const deletionsAStep = 500;
/** Deletions that are on their way at once: as many as Mosquitto takes from one client. */
const deletionsAtOnce = 20;
const plantsInWords = 20;
/** Lists that wait to be confirmed: each has megabytes. */
const listsKept = 8;

type Parts = {
  readonly live: LiveMonitors;
  readonly brokers: LiveBrokers;
  readonly jobs: Jobs;
  readonly clock: Clock;
};

type Listed = Pick<RetainedLook, 'topics' | 'isCut' | 'mayBeIncomplete'>;
type Outcome = { deleted: number; refused: number; readonly changed: string[] };

export class RetainedMessages {
  readonly #parts: Parts;
  readonly #listed: Confirmations<Listed>;
  /** By job. */
  readonly #running = new Map<string, AbortController>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#listed = new Confirmations(parts.clock, listsKept);
  }

  /** Throws `monitor/connect-failed` when the broker cannot be asked. */
  async list(call: PublishCall, filter: string): Promise<RetainedList> {
    const look = await this.#look(call, filter);
    await look.end();
    const { topics, isCut, mayBeIncomplete } = look;
    const { brokerId } = call.broker;
    return {
      topics: topics.map(({ topic, payloadBytes }) => ({ topic, payloadBytes })),
      isCut,
      mayBeIncomplete,
      consequences: topics.length === 0 ? [] : await this.#consequences(call, topics),
      confirmation:
        topics.length === 0
          ? null
          : this.#listed.issue(call.sessionId, { brokerId, filter }, { topics, isCut, mayBeIncomplete }),
    };
  }

  /** Starts the job that deletes what the confirmation lists. Throws `publish/not-confirmed`, `monitor/not-connected`. */
  delete(call: PublishCall, filter: string, confirmation: string): { jobId: string } {
    const { live, jobs } = this.#parts;
    const { brokerId, name } = call.broker;
    const monitor = connectedMonitor(live, call.broker);
    const listed = this.#listed.redeem(call.sessionId, confirmation, { brokerId, filter })?.value;
    if (!listed) throw new ConsoleError('publish/not-confirmed');
    const { topics } = listed;
    const about = {
      filter: auditText(filter),
      topics: topics.length,
      first: topics.slice(0, 20).map(({ topic }) => auditText(topic)),
    };
    audit(call.context, 'publish.delete-retained', brokerId, about);
    const stop = new AbortController();
    const steps = Math.ceil(topics.length / deletionsAStep) + 2;
    const jobId = jobs.start('retained', `Retained messages on ${name}`, steps, async (step) => {
      const outcome: Outcome = { deleted: 0, refused: 0, changed: [] };
      try {
        const look = await step('Compare with what the broker keeps now', () => this.#look(call, filter));
        try {
          const asListed = unchanged(topics, look, outcome);
          for (let i = 0; i < asListed.length; i += deletionsAStep) {
            const some = asListed.slice(i, i + deletionsAStep);
            await step(`Delete ${i + 1} to ${i + some.length} of ${asListed.length}`, () =>
              this.#deleteSome(call, monitor, some, { look, outcome, signal: stop.signal }),
            );
          }
        } finally {
          await look.end();
        }
        await step('Ask the broker what it still keeps', () => this.#prove(call, filter, listed, outcome));
      } finally {
        this.#running.delete(jobId);
        const { deleted, refused, changed } = outcome;
        const told = { filter: about.filter, deleted, refused, changed: changed.length };
        audit(call.context, 'publish.retained-deleted', brokerId, told);
      }
    });
    this.#running.set(jobId, stop);
    return { jobId };
  }

  /** What is under way is ended where it is. Throws `publish/no-deletion`. */
  cancel(jobId: string): void {
    const stop = this.#running.get(jobId);
    if (!stop) throw new ConsoleError('publish/no-deletion');
    stop.abort();
  }

  async #deleteSome(
    { broker }: PublishCall,
    monitor: Monitor,
    topics: readonly RetainedTopic[],
    { look, outcome, signal }: { look: RetainedLook; outcome: Outcome; signal: AbortSignal },
  ): Promise<void> {
    for (let i = 0; i < topics.length; i += deletionsAtOnce) {
      // What was heard meanwhile is read before the next ones leave.
      await setImmediate();
      if (signal.aborted) {
        throw new ConsoleError('publish/deletion-cancelled', { because: `${outcome.deleted} were deleted` });
      }
      await Promise.all(
        topics.slice(i, i + deletionsAtOnce).map(async ({ topic }) => {
          if (look.publishedSince.has(topic)) return outcome.changed.push(topic);
          this.#parts.live.ownMessages.noteSent(broker.brokerId, topic, Buffer.alloc(0));
          const { result } = await monitor.publish({ topic, payloadBase64: '', qos: 1, retain: true });
          return result === 'refused' ? outcome.refused++ : outcome.deleted++;
        }),
      );
    }
  }

  /** Throws `publish/still-retained` and `publish/retained-changed`. */
  async #prove(call: PublishCall, filter: string, listed: Listed, { refused, changed }: Outcome): Promise<void> {
    const look = await this.#look(call, filter);
    await look.end();
    const names = new Set(listed.topics.map(({ topic }) => topic));
    const leftAlone = new Set(changed);
    const still = look.topics.filter(({ topic }) => names.has(topic) && !leftAlone.has(topic)).length;
    if (still + refused > 0) {
      throw new ConsoleError('publish/still-retained', {
        because: `${Math.max(still, refused)} of ${names.size} are left`,
      });
    }
    // A list that was cut says itself that there are more.
    const isWhole = !listed.isCut && !listed.mayBeIncomplete;
    const unlisted = isWhole ? look.topics.filter(({ topic }) => !names.has(topic)).length : 0;
    if (changed.length + unlisted > 0) {
      throw new ConsoleError('publish/retained-changed', {
        because: `${changed.length} published anew, ${unlisted} that were not listed`,
      });
    }
  }

  /** With a session of its own and the identity of the monitor. */
  async #look({ context, broker }: PublishCall, filter: string): Promise<RetainedLook> {
    const connection = await monitorConnection(context, broker, settingsOf(context, broker.brokerId));
    const agreed = this.#parts.live.require(broker.brokerId).protocolVersion;
    const { protocolVersion } = connection;
    return await lookAtRetained(connection, agreed ?? (protocolVersion === 'auto' ? 5 : protocolVersion), filter);
  }

  async #consequences({ context }: PublishCall, topics: readonly RetainedTopic[]): Promise<string[]> {
    const { live, brokers } = this.#parts;
    const signs = await askLifeSigns(context, { brokers, watches: live.plantWatches });
    const plants = new Map<string, PlantRow>();
    for (const { topic } of topics) for (const plant of plantsOfTopic(context, topic)) plants.set(plant.plantId, plant);
    const alive = [...plants.values()].filter((plant) => isLive(plant, signs));
    return [
      `Deletes the retained messages of ${topics.length === 1 ? '1 topic' : `${topics.length} topics`} for good. Who listens there now gets an empty message.`,
      ...alive
        .slice(0, plantsInWords)
        .map((plant) => `Among them are topics of a live plant. ${stateWords(plant, signs)}`),
      ...(alive.length > plantsInWords ? [`And of ${alive.length - plantsInWords} more live plants.`] : []),
    ];
  }
}

/** Those that are as they were listed; the others are noted, but for those that are gone by themselves. */
function unchanged(listed: readonly RetainedTopic[], { topics }: RetainedLook, { changed }: Outcome): RetainedTopic[] {
  const now = new Map(topics.map(({ topic, digest }) => [topic, digest]));
  return listed.filter(({ topic, digest }) => {
    const present = now.get(topic);
    if (present !== undefined && present !== digest) changed.push(topic);
    return present === digest;
  });
}

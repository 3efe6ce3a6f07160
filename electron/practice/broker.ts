// The built-in broker: the same rendered files, the same listeners, the same answers as Mosquitto 2.0, without
// Mosquitto. It speaks MQTT 3.1.1, keeps everything in memory, and verifies tokens itself, so it needs no plugin.

import type {
  BrokerDescription,
  BrokerFiles,
  BrokerPush,
  BrokerSession,
  Generation,
  ManagedBroker,
  PushMark,
  PushNeed,
} from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { systemClock } from '../platform/clock.ts';
import { RecentLines } from '../platform/recent-lines.ts';
import { type BrokerConfiguration, practiceDirectory, readConfiguration } from './broker-configuration.ts';
import { PracticePush } from './broker-push.ts';
import { BrokerRun, type PlayedMessage, type Verifiers } from './broker-run.ts';
import type { ClientPolicy } from './client-policy.ts';

/** Stands in mosquitto.conf where a real broker has the path of its plugin. */
const builtInJwtPlugin = `${practiceDirectory}/mosquitto_jwt_auth.so`;
const keptGenerations = 5;

/** A set of files and the push that wrote it. */
type WrittenSet = Generation & { readonly files: BrokerFiles };

export class PracticeBroker implements ManagedBroker {
  readonly #verifiers: Verifiers;
  readonly #log = new RecentLines();
  #run: BrokerRun | undefined;
  #live: WrittenSet | undefined;
  #generations: readonly WrittenSet[] = [];
  #push: PracticePush | undefined;
  #policy: ClientPolicy | undefined;

  /** `policy`: who is asked instead of the files who may do what. */
  constructor(verifiers: Verifiers, policy?: ClientPolicy) {
    this.#verifiers = verifiers;
    this.#policy = policy;
  }

  /**
   * Asks this policy from now on, or its own files again; whoever it does not know is cut off. A push is proved by logins
   * that no policy knows, so one excludes the other. Throws `broker/push-in-progress`.
   */
  async askPolicy(policy: ClientPolicy | undefined): Promise<void> {
    if (policy && this.#push) throw new ConsoleError('broker/push-in-progress');
    this.#policy = policy;
    await this.#run?.askPolicy(policy);
  }

  async describe(): Promise<BrokerDescription> {
    return {
      state: this.#run === undefined ? 'stopped' : 'running',
      version: 'built-in',
      line: '2.0',
      notices: this.#policy === undefined ? [] : ['This broker asks the policy now, and not its files.'],
      configDirectory: practiceDirectory,
      jwtPlugin: builtInJwtPlugin,
      account: null,
    };
  }

  async current(): Promise<BrokerFiles | undefined> {
    return this.#live?.files;
  }

  /** Throws `practice/asks-policy` besides what every broker throws. */
  async open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush> {
    if (this.#policy) throw new ConsoleError('practice/asks-policy');
    if (this.#push !== undefined) {
      const { pushId, startedBy, startedAt } = this.#push.mark;
      throw new ConsoleError('broker/push-in-progress', {
        because: `started by ${startedBy}, ${startedAt}`,
        details: { pushId, startedBy, startedAt },
      });
    }
    const before = this.#live;
    const wasRunning = this.#run !== undefined;
    this.#push = new PracticePush(mark, {
      swapIn: (files) => {
        this.#live = { generationId: mark.pushId, writtenAt: mark.startedAt, files };
      },
      takeEffect: (needs) => this.#takeEffect(needs),
      keep: () => {
        if (before !== undefined && before !== this.#live)
          this.#generations = [before, ...this.#generations].slice(0, keptGenerations);
        this.#push = undefined;
      },
      undo: async (told) => {
        this.#live = before;
        if (!wasRunning) await this.stop();
        else await this.#takeEffect(told);
        this.#push = undefined;
      },
    });
    return this.#push;
  }

  async unfinished(): Promise<PushMark | undefined> {
    return this.#push?.mark;
  }

  async adopt(pushId: string): Promise<BrokerPush> {
    if (this.#push?.mark.pushId !== pushId) throw new ConsoleError('broker/no-such-push', { details: { pushId } });
    return this.#push;
  }

  async generations(): Promise<readonly Generation[]> {
    return this.#generations.map(({ generationId, writtenAt }) => ({ generationId, writtenAt }));
  }

  async readGeneration(generationId: string): Promise<BrokerFiles> {
    const known = this.#generations.find((generation) => generation.generationId === generationId);
    if (known === undefined) throw new ConsoleError('broker/no-such-generation', { details: { generationId } });
    return known.files;
  }

  async stop(): Promise<void> {
    await this.#run?.stop();
    this.#run = undefined;
  }

  release(): Promise<void> {
    return this.stop();
  }

  async sessions(): Promise<readonly BrokerSession[]> {
    return this.#run?.sessions() ?? [];
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Lets every subscriber hear it. Does nothing while the broker is stopped. */
  async publish(message: PlayedMessage): Promise<void> {
    await this.#run?.publish(message);
  }

  async log(): Promise<readonly string[]> {
    return this.#log.all();
  }

  /** It writes no line about a message. */
  eventLog(): Promise<readonly string[]> {
    return this.log();
  }

  async #takeEffect(needs: PushNeed): Promise<void> {
    const running = this.#run;
    if (running !== undefined && needs === 'nothing') return;
    const configuration = readConfiguration(this.#live?.files ?? []);
    if (running !== undefined && needs === 'reload') return running.reload(configuration);
    await this.stop();
    this.#run = await this.#start(configuration);
  }

  /** With the time, as Mosquitto writes it. */
  #note(line: string): void {
    this.#log.write(`${Math.floor(systemClock.now().getTime() / 1000)}: ${line}\n`);
  }

  #start(configuration: BrokerConfiguration): Promise<BrokerRun> {
    return BrokerRun.start(configuration, this.#verifiers, (line) => this.#note(line), this.#policy);
  }
}

// Runs campaigns: each plant by itself, some at a time, within the change window. What a campaign is at is in the vault;
// here is only who works at it. A console that stops leaves it as it is; after the next unlock it goes on when told to.

import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignSettings } from '../../shared/model/campaign.ts';
import { middleStates } from '../../shared/model/campaign.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { carryOutCampaignPlant } from '../operations/campaign-plant.ts';
import {
  cancelCampaign,
  finishCampaign,
  holdCampaign,
  pauseCampaign,
  requireCampaign,
  retryFailedPlants,
  startCampaign,
} from '../operations/campaigns.ts';
import { type OperationContext, timestamp } from '../operations/context.ts';
import type { Logger } from '../platform/log.ts';
import type { BrokersFollow } from './brokers-follow.ts';
import { asConsoleError } from './failures.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Reservations } from './reservations.ts';

const closingMs = 10_000;
/** Whoever waits for a change window looks at the clock this often: laptops sleep, and clocks are set. */
const windowLookMs = 1_000;

type Run = {
  readonly context: OperationContext;
  readonly campaignId: string;
  readonly settings: CampaignSettings;
  /** Of the plants that are still to be begun. */
  readonly queue: string[];
  isAtWork: boolean;
  ended: Promise<void>;
};

export class Campaigns {
  readonly #logger: Logger;
  readonly #sessions: LiveSessions;
  readonly #brokers: BrokersFollow;
  readonly #deployments: Reservations;
  readonly #runs = new Map<string, Run>();
  #isClosing = false;

  constructor(options: { logger: Logger; sessions: LiveSessions; brokers: BrokersFollow; deployments: Reservations }) {
    this.#logger = options.logger;
    this.#sessions = options.sessions;
    this.#brokers = options.brokers;
    this.#deployments = options.deployments;
  }

  /** Whether devices are being worked on; one that waits for its window keeps nobody from locking the vault. */
  areAtWork(): boolean {
    return [...this.#runs.values()].some(({ isAtWork }) => isAtWork);
  }

  /** Begins, or goes on with what waits and what was cut off. Throws like `startCampaign`, and `job/console-closing`. */
  start(context: OperationContext, campaignId: string): void {
    if (this.#isClosing) throw new ConsoleError('job/console-closing');
    startCampaign(context, campaignId);
    const before = this.#runs.get(campaignId);
    // One that is still pausing goes on with what it has, unless its vault was locked: then it can write nothing down.
    if (before?.context.vault !== context.vault) this.#begin(context, campaignId, before?.ended);
  }

  /** Ends what waits for good; what is under way ends by itself. Throws like `cancelCampaign`. */
  cancel(context: OperationContext, campaignId: string): void {
    cancelCampaign(context, campaignId, { isUnderWay: this.#runs.get(campaignId)?.context.vault === context.vault });
  }

  /** `after`: while a run of before is leaving its last devices. */
  #begin(context: OperationContext, campaignId: string, after?: Promise<void>): void {
    const rows = context.vault.campaigns.plants(campaignId);
    const queue = [
      ...rows.filter(({ state }) => middleStates.includes(state)),
      ...rows.filter(({ state }) => state === 'waiting'),
    ].map(({ campaignPlantId }) => campaignPlantId);
    const { settings } = requireCampaign(context, campaignId);
    const run: Run = { context, campaignId, settings, queue, isAtWork: false, ended: Promise.resolve() };
    this.#runs.set(campaignId, run);
    run.ended = Promise.resolve(after)
      .then(() => this.#carryOut(run))
      .then(() => this.#end(run))
      .catch((error: unknown) => this.#noteEnd(run, error));
  }

  #end(run: Run): void {
    const { context, campaignId } = run;
    this.#forget(run);
    // It was started again while the last of its plants ended.
    if (!this.#isClosing && isRunning(run)) this.#begin(context, campaignId);
  }

  /** Throws like `retryFailedPlants`. */
  retryFailed(context: OperationContext, campaignId: string): void {
    const failed = retryFailedPlants(context, campaignId);
    this.#runs.get(campaignId)?.queue.push(...failed.map(({ campaignPlantId }) => campaignPlantId));
  }

  /** Begins nothing new, and waits for what runs, but not for ever. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const ended = Promise.allSettled([...this.#runs.values()].map((run) => run.ended));
    await Promise.race([ended, sleep(closingMs, undefined, { ref: false })]);
  }

  async #carryOut(run: Run): Promise<void> {
    const { context, campaignId, settings } = run;
    await this.#untilWindow(run);
    run.isAtWork = true;
    while (this.#mayBegin(run) && run.queue.length > 0) {
      await allEnded(Array.from({ length: settings.parallel }, () => this.#work(run)));
    }
    if (this.#isClosing || !isRunning(run)) return;
    if (run.queue.length > 0) return pauseCampaign(context, campaignId, 'windowOver');
    try {
      await this.#brokers.follow(context);
    } catch (error) {
      const failure = asConsoleError(error);
      if (failure.code === 'vault/locked') throw failure;
      this.#logger.error('brokers do not know of a campaign', { campaignId, code: failure.code, error });
      return holdCampaign(context, campaignId, failure);
    }
    // Somebody may have asked for the failed ones once more meanwhile.
    if (run.queue.length > 0) return await this.#carryOut(run);
    if (isRunning(run)) finishCampaign(context, campaignId);
  }

  async #work(run: Run): Promise<void> {
    const { context, settings } = run;
    const { verify, overrule } = settings;
    while (this.#mayBegin(run)) {
      const campaignPlantId = run.queue.shift();
      if (campaignPlantId === undefined) return;
      await carryOutCampaignPlant(context, campaignPlantId, {
        overrule,
        ...(verify && { verify: { ...verify, sessions: this.#sessions.watchFor(context) } }),
        reserve: (plantId) => this.#deployments.take(plantId),
        followBrokers: () => this.#brokers.follow(context),
      });
    }
  }

  #mayBegin(run: Run): boolean {
    const { notAfter } = run.settings;
    return !this.#isClosing && isRunning(run) && (notAfter === null || timestamp(run.context) < notAfter);
  }

  async #untilWindow(run: Run): Promise<void> {
    const { notBefore } = run.settings;
    while (notBefore !== null && timestamp(run.context) < notBefore && !this.#isClosing && isRunning(run)) {
      await sleep(windowLookMs, undefined, { ref: false });
    }
  }

  #forget(run: Run): void {
    if (this.#runs.get(run.campaignId) === run) this.#runs.delete(run.campaignId);
    run.context.changed('campaigns');
  }

  #noteEnd(run: Run, error: unknown): void {
    const { campaignId } = run;
    this.#forget(run);
    if (error instanceof ConsoleError && error.code === 'vault/locked') {
      this.#logger.warn('a campaign was cut off: the vault was locked', { campaignId });
    } else {
      this.#logger.error('a campaign was cut off', { campaignId, error });
    }
  }
}

/** Where one fails, the others are still at their devices. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Throws `vault/locked`. */
const isRunning = ({ context, campaignId }: Run): boolean => requireCampaign(context, campaignId).state === 'running';

// Judges the silence of the register's active plants, by what every broker heard of them. In slices: there may be
// thousands of plants and hundreds of rules.

import type { AlertRule } from '../../shared/model/alert.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { judgeSilence, type WatchedPlant } from '../monitor/alerts/silence-watch.ts';
import type { OperationContext } from '../operations/context.ts';
import { endOfSlice } from '../platform/slices.ts';
import { type AlertFindings, sourceOf } from './alert-findings.ts';
import type { Post } from './alert-listeners.ts';

const plantsEveryMs = 10_000;
/** Of tens of thousands, reading takes a twentieth of the time at most. */
const pausesPerReading = 19;
const pageSize = 200;

export class AlertSilences {
  #plants: readonly WatchedPlant[] = [];
  #plantIds: ReadonlySet<string> = new Set();
  #readAgainAt = Number.NEGATIVE_INFINITY;

  /** The register is read anew at the next look. */
  forget(): void {
    this.#readAgainAt = Number.NEGATIVE_INFINITY;
  }

  /** `isCurrent`: whether what is found may still be told, asked after every pause. */
  async judge(
    context: OperationContext,
    rules: readonly AlertRule[],
    posts: readonly Post[],
    findings: AlertFindings,
    now: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const silences = rules.filter(({ condition, isEnabled }) => isEnabled && condition.kind === 'silent');
    if (silences.length === 0) return;
    if (now >= this.#readAgainAt) await this.#read(context, now, isCurrent);
    const pause = endOfSlice();
    for (const rule of silences) {
      const { ruleId, brokerId, condition } = rule;
      if (condition.kind !== 'silent') continue;
      const meant = posts.filter(({ broker }) => brokerId === null || broker.brokerId === brokerId);
      const place = { brokerId, brokerName: brokerId === null ? '' : (meant[0]?.broker.name ?? '') };
      for (let from = 0; from < this.#plants.length; from += pageSize) {
        await pause();
        if (!isCurrent()) return;
        const events = judgeSilence(
          {
            ruleId,
            condition,
            listeningSince: (plantId) => listeningSince(meant, plantId),
            heardAt: (plantId) => latest(meant.map((post) => heardAt(post, plantId))),
          },
          this.#plants.slice(from, from + pageSize),
          (plantId) => findings.isOpen(ruleId, brokerId, plantId),
          now,
        );
        for (const event of events) findings.add(sourceOf(rule), place, event);
      }
    }
    this.#endThoseGone(silences, findings);
  }

  /** A plant that was revoked or deleted is meant to be silent. */
  #endThoseGone(silences: readonly AlertRule[], findings: AlertFindings): void {
    const byId = new Map(silences.map((rule) => [rule.ruleId, rule]));
    for (const { ruleId, brokerId, brokerName, subject } of findings.open()) {
      const rule = byId.get(ruleId);
      if (rule && !this.#plantIds.has(subject))
        findings.add(sourceOf(rule), { brokerId, brokerName }, { type: 'end', ruleId, subject });
    }
  }

  async #read(context: OperationContext, now: number, isCurrent: () => boolean): Promise<void> {
    const register = context.vault.plants;
    const plants: WatchedPlant[] = [];
    const pause = endOfSlice();
    const begunAt = performance.now();
    for (let last: PlantId | '' = ''; ; ) {
      const page = register.ids(last, pageSize);
      for (const plantId of page) {
        const plant = register.get(plantId);
        if (plant?.status === 'ACTIVE') plants.push({ plantId, name: plant.name, site: plant.site });
        await pause();
        if (!isCurrent()) return;
      }
      last = page.at(-1) ?? last;
      if (page.length < pageSize) break;
    }
    this.#plants = plants;
    this.#plantIds = new Set(plants.map(({ plantId }) => plantId));
    this.#readAgainAt = now + Math.max(plantsEveryMs, (performance.now() - begunAt) * pausesPerReading);
  }
}

/** A plant counts where it was heard; one that was never heard counts at all brokers. Undefined when one cannot hear it. */
function listeningSince(meant: readonly Post[], plantId: string): number | undefined {
  const heard = meant.filter((post) => heardAt(post, plantId) !== undefined);
  const since = (heard.length > 0 ? heard : meant).map(({ connectedSince }) => connectedSince);
  return since.includes(undefined) ? undefined : latest(since);
}

const heardAt = ({ plants, ears }: Post, plantId: string): number | undefined =>
  ears.find(({ source }) => source === plants)?.ear.heardAt(plantId);

const latest = (moments: readonly (number | undefined)[]): number | undefined => {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

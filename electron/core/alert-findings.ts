// What the rules found out since it was written down last, the same thing once, and what stands open. Found at the speed
// of messages, written at the speed of a clock; what there is no room for is counted, each once.
// - An alarm ends by the plant's word. One that is older than the alarm, by the plant's own clock, is not about it: a
//   broker kept it, or somebody sent it again.

import type { Alert, AlertRule } from '../../shared/model/alert.ts';
import type { AlertEvent, PlantWord } from '../monitor/alerts/alert-event.ts';
import type { AlertSource, Finding } from '../operations/alert-log.ts';

const maxWaiting = 2000;
/** A network that fails takes a thousand plants along. */
const maxOpen = 1000;
/** Alarms of one plant, or of all that no register has: who makes them up in any number leaves room to the others. */
const maxAlarmsOfOne = 100;
/** Of things that found no room, those that are counted. */
const maxRefused = 10_000;

export type Place = { readonly brokerId: string | null; readonly brokerName: string };

export const sourceOf = ({ ruleId, name, condition: { kind } }: AlertRule): AlertSource => ({ ruleId, name, kind });

export class AlertFindings {
  readonly #isPlant: (plantId: string) => boolean;
  readonly #waiting = new Map<string, Finding>();
  /** By key: the alerts without an end. */
  readonly #open = new Map<string, Alert>();
  /** Of those that wait, the ones that would be open and are not yet. */
  #coming = 0;
  readonly #refused = new Set<string>();
  #notKept = 0;

  /** `isPlant`: whether the register has it. */
  constructor(isPlant: (plantId: string) => boolean) {
    this.#isPlant = isPlant;
  }

  get notKept(): number {
    return this.#notKept;
  }

  /** What the vault has open; what is waiting stays. */
  load(open: readonly Alert[]): void {
    this.#open.clear();
    this.note(open);
  }

  /** What was written down of what was taken. */
  note(written: readonly Alert[]): void {
    for (const alert of written) {
      const key = keyOf(alert.ruleId, alert.brokerId, alert.subject);
      if (alert.endedAt === null) this.#open.set(key, alert);
      else this.#open.delete(key);
    }
    this.#countComing();
  }

  open(): readonly Alert[] {
    return [...this.#open.values()];
  }

  /** Whether it stands, or will once it is written down. */
  isOpen(ruleId: string, brokerId: string | null, subject: string): boolean {
    const key = keyOf(ruleId, brokerId, subject);
    const waiting = this.#waiting.get(key);
    return waiting ? !waiting.isOver : this.#open.has(key);
  }

  /** What of a broker stands, or will once it is written down. */
  standing(brokerId: string): { readonly ruleId: string; readonly subject: string }[] {
    const open = [...this.#open].filter(([key]) => !this.#waiting.has(key)).map(([, alert]) => alert);
    const waiting = [...this.#waiting.values()].filter(({ isOver }) => !isOver);
    return [...open, ...waiting.map(({ source, ...finding }) => ({ ruleId: source.ruleId, ...finding }))].filter(
      (one) => one.brokerId === brokerId,
    );
  }

  add(source: AlertSource, place: Place, event: AlertEvent): void {
    const key = keyOf(source.ruleId, place.brokerId, event.subject);
    const before = this.#waiting.get(key);
    if (event.type === 'end') {
      this.#refused.delete(key);
      const saidAt = before?.raised?.saidAt ?? this.#open.get(key)?.saidAt ?? null;
      if ((!before && !this.#open.has(key)) || isOlder(event.word, saidAt)) return;
      this.#put(key, { source, ...place, subject: event.subject, raised: before?.raised, isOver: true });
      return;
    }
    const { subject, plantId, what, value, word } = event;
    const isNew = !this.isOpen(source.ruleId, place.brokerId, subject);
    if (isNew && source.kind === 'alarm' && plantId !== null && this.#isCrowded(plantId)) {
      this.#refuse(key);
      return;
    }
    const raised = {
      count: (before?.raised?.count ?? 0) + 1,
      plantId,
      what,
      value,
      saidAt: word?.saidAt ? new Date(word.saidAt).toISOString() : null,
      isRetained: word?.isRetained === true && before?.raised?.isRetained !== false,
    };
    this.#put(key, { source, ...place, subject, raised, isOver: false });
  }

  /** Hands over some of what is waiting, the oldest first. */
  take(limit: number): Finding[] {
    const taken = [...this.#waiting].slice(0, limit);
    for (const [key] of taken) this.#waiting.delete(key);
    return taken.map(([, finding]) => finding);
  }

  /** What could not be written down waits again, unless something newer does. */
  giveBack(taken: readonly Finding[]): void {
    for (const finding of taken) {
      const key = keyOf(finding.source.ruleId, finding.brokerId, finding.subject);
      if (!this.#waiting.has(key)) this.#waiting.set(key, finding);
    }
    this.#countComing();
  }

  /** Rules were changed: what they had found is not told any more. */
  keepOnly(isUnchanged: (ruleId: string) => boolean): void {
    for (const [key, { source }] of this.#waiting) if (!isUnchanged(source.ruleId)) this.#waiting.delete(key);
    this.#refused.clear();
    this.#countComing();
  }

  /** The vault was locked: what is waiting is lost, and counted. */
  reset(): void {
    this.#notKept += this.#waiting.size;
    this.#waiting.clear();
    this.#open.clear();
    this.#refused.clear();
    this.#coming = 0;
  }

  #isCrowded(plantId: string): boolean {
    if (this.#open.size + this.#coming < maxAlarmsOfOne) return false;
    const isPlant = this.#isPlant(plantId);
    const isSame = (other: string | null | undefined) =>
      typeof other === 'string' && (isPlant ? other === plantId : !this.#isPlant(other));
    let count = 0;
    for (const alert of this.#open.values()) if (alert.kind === 'alarm' && isSame(alert.plantId)) count += 1;
    for (const [key, { source, raised, isOver }] of this.#waiting) {
      if (source.kind === 'alarm' && !isOver && !this.#open.has(key) && isSame(raised?.plantId)) count += 1;
    }
    return count >= maxAlarmsOfOne;
  }

  #countComing(): void {
    this.#coming = [...this.#waiting].filter(([key, { isOver }]) => !isOver && !this.#open.has(key)).length;
  }

  #put(key: string, finding: Finding): void {
    const known = this.#waiting.get(key);
    const was = known !== undefined && !known.isOver && !this.#open.has(key);
    const comes = !finding.isOver && !this.#open.has(key);
    const isFull =
      (known === undefined && this.#waiting.size >= maxWaiting) ||
      (comes && !was && this.#open.size + this.#coming >= maxOpen);
    if (isFull) {
      this.#refuse(key);
      return;
    }
    this.#coming += Number(comes) - Number(was);
    this.#waiting.set(key, finding);
    this.#refused.delete(key);
  }

  #refuse(key: string): void {
    if (this.#refused.has(key) || this.#refused.size >= maxRefused) return;
    this.#notKept += 1;
    this.#refused.add(key);
  }
}

const isOlder = (word: PlantWord | undefined, saidAt: string | null): boolean =>
  word?.saidAt != null && saidAt !== null && word.saidAt < Date.parse(saidAt);

const keyOf = (ruleId: string, brokerId: string | null, subject: string): string =>
  `${ruleId} ${brokerId ?? '-'} ${subject}`;

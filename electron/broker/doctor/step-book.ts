// What is told of the steps while they are taken. Whatever a broker or its log says, no secret of the patient gets in.

import {
  type DoctorStep,
  type DoctorStepName,
  type DoctorStepState,
  doctorStepNames,
  type Evidence,
} from '../../../shared/model/doctor.ts';
import type { Suspicion } from './patient.ts';

const hidden = '[hidden]';
const maxValueLength = 1000;

export class StepBook {
  readonly #secrets: readonly string[];
  readonly #onChange: (steps: readonly DoctorStep[]) => void;
  #steps: readonly DoctorStep[] = doctorStepNames.map((name) => ({
    name,
    state: 'waiting',
    summary: '',
    evidence: [],
  }));
  readonly #suspicions: Suspicion[] = [];

  /** `secrets`: what must never be told. */
  constructor(secrets: readonly (string | undefined)[], onChange: (steps: readonly DoctorStep[]) => void) {
    this.#secrets = secrets.filter((secret): secret is string => secret !== undefined && secret !== '');
    this.#onChange = onChange;
  }

  get steps(): readonly DoctorStep[] {
    return this.#steps;
  }

  /** The likeliest first, each once. */
  get suspicions(): readonly Suspicion[] {
    const codes = new Set<string>();
    return this.#suspicions
      .filter(({ code }) => !codes.has(code) && codes.add(code))
      .map(({ code, because }) => ({ code, because: because === undefined ? undefined : this.#safe(because) }));
  }

  suspect(suspicions: readonly Suspicion[]): void {
    this.#suspicions.push(...suspicions);
  }

  set(name: DoctorStepName, state: DoctorStepState, summary: string, evidence: readonly Evidence[] = []): void {
    this.#put(name, {
      name,
      state,
      summary: this.#safe(summary),
      evidence: evidence.map((one) => this.#safeEvidence(one)),
    });
  }

  fail(
    name: DoctorStepName,
    suspicions: readonly Suspicion[],
    summary: string,
    evidence: readonly Evidence[] = [],
  ): void {
    this.suspect(suspicions);
    this.set(name, 'failed', summary, evidence);
  }

  add(name: DoctorStepName, evidence: readonly Evidence[]): void {
    const step = this.#steps.find((one) => one.name === name);
    if (!step || evidence.length === 0) return;
    this.#put(name, { ...step, evidence: [...step.evidence, ...evidence.map((one) => this.#safeEvidence(one))] });
  }

  /** What was not begun never will be; what was begun has no answer. */
  end(): void {
    this.#steps = this.#steps.map((step) =>
      step.state === 'waiting' || step.state === 'running'
        ? { ...step, state: 'notReached', summary: 'A step before it failed.' }
        : step,
    );
    this.#onChange(this.#steps);
  }

  #put(name: DoctorStepName, step: DoctorStep): void {
    this.#steps = this.#steps.map((one) => (one.name === name ? step : one));
    this.#onChange(this.#steps);
  }

  #safeEvidence({ label, value }: Evidence): Evidence {
    return { label, value: this.#safe(value).slice(0, maxValueLength) };
  }

  #safe(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  }
}

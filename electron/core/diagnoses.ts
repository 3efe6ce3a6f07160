// Diagnoses that run or have run since the start, so that a window can follow one and come back to it.

import { randomUUID } from 'node:crypto';
import type { Diagnosis, DoctorStep } from '../../shared/model/doctor.ts';
import { doctorStepNames } from '../../shared/model/doctor.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Findings } from '../operations/diagnose.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { ChangeHub } from './change-hub.ts';
import { asConsoleError } from './failures.ts';

const keptDiagnoses = 50;

type Work = (onSteps: (steps: readonly DoctorStep[]) => void) => Promise<Findings>;

export class Diagnoses {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #kept = new Map<string, Diagnosis>();
  readonly #changes = new ChangeHub<Diagnosis>();

  constructor(options: { clock: Clock; logger: Logger }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Starts one and answers its id at once. */
  start(about: Pick<Diagnosis, 'subject' | 'address' | 'identity'>, work: Work): string {
    const diagnosisId = randomUUID();
    this.#put({
      ...about,
      diagnosisId,
      state: 'running',
      startedAt: this.#now(),
      finishedAt: null,
      steps: doctorStepNames.map((name) => ({ name, state: 'waiting', summary: '', evidence: [] })),
      causes: [],
      problem: null,
    });
    void this.#run(diagnosisId, work);
    return diagnosisId;
  }

  /** Throws `doctor/diagnosis-not-found`. */
  get(diagnosisId: string): Diagnosis {
    const diagnosis = this.#kept.get(diagnosisId);
    if (!diagnosis) throw new ConsoleError('doctor/diagnosis-not-found');
    return diagnosis;
  }

  /** The diagnosis now and after every change, until it has finished. */
  async *watch(diagnosisId: string, signal?: AbortSignal): AsyncGenerator<Diagnosis> {
    const changes = this.#changes.listen(signal);
    try {
      const present = this.get(diagnosisId);
      yield present;
      if (present.state === 'finished') return;
      for await (const diagnosis of changes) {
        if (diagnosis.diagnosisId !== diagnosisId) continue;
        yield diagnosis;
        if (diagnosis.state === 'finished') return;
      }
    } finally {
      await changes.return?.();
    }
  }

  async #run(diagnosisId: string, work: Work): Promise<void> {
    try {
      const { steps, causes } = await work((now) => this.#put({ ...this.get(diagnosisId), steps: [...now] }));
      this.#finish({ ...this.get(diagnosisId), steps: [...steps], causes: [...causes] });
    } catch (error) {
      // A broker's doing never ends here; a vault that was locked meanwhile does.
      const { code, message } = asConsoleError(error);
      this.#logger.error('diagnosis failed', { code, error });
      this.#finish({ ...this.get(diagnosisId), problem: { code, detail: message } });
    }
  }

  #finish(diagnosis: Diagnosis): void {
    this.#put({ ...diagnosis, state: 'finished', finishedAt: this.#now() });
  }

  #put(diagnosis: Diagnosis): void {
    this.#kept.set(diagnosis.diagnosisId, diagnosis);
    this.#changes.publish(diagnosis);
    for (const [diagnosisId, { state }] of this.#kept) {
      if (this.#kept.size <= keptDiagnoses) return;
      if (state === 'finished') this.#kept.delete(diagnosisId);
    }
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

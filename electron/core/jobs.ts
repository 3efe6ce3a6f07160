// Work that outlasts a call. A job lives in memory: what must survive a crash is in the vault's operation journal.
// Finished jobs are kept for a while so that a window that comes late still learns how it ended.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Job, JobStep } from '../../shared/model/job.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { StepRunner } from '../operations/steps.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { ChangeHub } from './change-hub.ts';
import { asConsoleError } from './failures.ts';

const keptJobs = 200;
const closingMs = 10_000;

/** `onProbed` adds to what the job tells of a broker's answers. */
export type JobWork = (step: StepRunner, onProbed: (report: ProbeReport) => void) => Promise<void>;

export class Jobs {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #jobs = new Map<string, Job>();
  readonly #changes = new ChangeHub<Job>();
  readonly #running = new Set<Promise<void>>();
  #isClosing = false;

  constructor(options: { clock: Clock; logger: Logger }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Starts `work` and answers its id at once. Throws `job/console-closing`. `plannedSteps` is how many steps it expects, for the progress bar. */
  start(kind: Job['kind'], subject: string, plannedSteps: number, work: JobWork): string {
    if (this.#isClosing) throw new ConsoleError('job/console-closing');
    const jobId = randomUUID();
    this.#put({
      jobId,
      kind,
      subject,
      state: 'running',
      progress: 0,
      steps: [],
      startedAt: this.#now(),
      finishedAt: null,
      error: null,
      probes: [],
    });
    const run = this.#run(jobId, plannedSteps, work);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
    this.#forgetOldest();
    return jobId;
  }

  /** Throws `job/not-found`. */
  get(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (!job) throw new ConsoleError('job/not-found');
    return job;
  }

  /** Newest first. */
  list(): Job[] {
    return [...this.#jobs.values()].reverse();
  }

  areRunning(): boolean {
    return this.#running.size > 0;
  }

  /** The job of this kind that runs now. */
  running(kind: Job['kind']): Job | undefined {
    return [...this.#jobs.values()].find((job) => job.kind === kind && job.state === 'running');
  }

  /** Begins nothing new, and waits for what runs, but not for ever: a device may keep it waiting. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.race([Promise.allSettled(this.#running), sleep(closingMs, undefined, { ref: false })]);
  }

  /** The job now and after every change, until it has finished. */
  async *watch(jobId: string, signal?: AbortSignal): AsyncGenerator<Job> {
    const changes = this.#changes.listen(signal);
    try {
      const present = this.get(jobId);
      yield present;
      // What has happened since then waits in `changes`.
      if (present.state !== 'running') return;
      for await (const job of changes) {
        if (job.jobId !== jobId) continue;
        yield job;
        if (job.state !== 'running') return;
      }
    } finally {
      await changes.return?.();
    }
  }

  async #run(jobId: string, plannedSteps: number, work: JobWork): Promise<void> {
    const step: StepRunner = async (name, body) => {
      this.#setStep(jobId, plannedSteps, { name, state: 'running', detail: null });
      try {
        const result = await body();
        this.#setStep(jobId, plannedSteps, { name, state: 'done', detail: null });
        return result;
      } catch (error) {
        this.#setStep(jobId, plannedSteps, { name, state: 'failed', detail: asConsoleError(error).message });
        throw error;
      }
    };
    try {
      await work(step, (report) => {
        const job = this.get(jobId);
        this.#put({ ...job, probes: [...job.probes, report] });
      });
      this.#put({ ...this.get(jobId), state: 'succeeded', progress: 1, finishedAt: this.#now() });
    } catch (error) {
      const failure = asConsoleError(error);
      this.#logger.error('job failed', { jobId, kind: this.get(jobId).kind, code: failure.code, error });
      this.#put({
        ...this.get(jobId),
        state: 'failed',
        finishedAt: this.#now(),
        error: { code: failure.code, detail: failure.message },
      });
    }
  }

  #setStep(jobId: string, plannedSteps: number, step: JobStep): void {
    const job = this.get(jobId);
    const known = job.steps.findIndex(({ name }) => name === step.name);
    const steps = known < 0 ? [...job.steps, step] : job.steps.with(known, step);
    const done = steps.filter(({ state }) => state === 'done').length;
    this.#put({ ...job, steps, progress: Math.min(done / Math.max(plannedSteps, steps.length), 0.99) });
  }

  #put(job: Job): void {
    this.#jobs.set(job.jobId, job);
    this.#changes.publish(job);
  }

  #forgetOldest(): void {
    for (const [jobId, job] of this.#jobs) {
      if (this.#jobs.size <= keptJobs) return;
      if (job.state !== 'running') this.#jobs.delete(jobId);
    }
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

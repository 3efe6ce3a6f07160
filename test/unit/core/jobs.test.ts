import { describe, expect, it } from 'vitest';
import { Jobs } from '../../../electron/core/jobs.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { Job } from '../../../shared/model/job.ts';

const newJobs = () => new Jobs({ clock: systemClock, logger: silentLogger });

async function follow(jobs: Jobs, jobId: string): Promise<Job[]> {
  const seen: Job[] = [];
  for await (const job of jobs.watch(jobId)) seen.push(job);
  return seen;
}

describe('a job', () => {
  it('tells its steps as it goes, and how it ended', async () => {
    const jobs = newJobs();
    const jobId = jobs.start('push', 'Broker', 2, async (step) => {
      await step('first', async () => {});
      await step('second', async () => {});
    });
    const seen = await follow(jobs, jobId);
    expect(seen.at(-1)).toMatchObject({ state: 'succeeded', progress: 1, error: null });
    expect(seen.at(-1)?.steps).toEqual([
      { name: 'first', state: 'done', detail: null },
      { name: 'second', state: 'done', detail: null },
    ]);
    const progress = seen.map((job) => job.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(jobs.areRunning()).toBe(false);
  });

  it('that fails names the step and the code, and nothing of what nobody foresaw', async () => {
    const jobs = newJobs();
    const known = jobs.start('deploy', 'Plant', 1, (step) =>
      step('Connect', () => Promise.reject(new ConsoleError('remote/unreachable'))),
    );
    expect((await follow(jobs, known)).at(-1)).toMatchObject({
      state: 'failed',
      steps: [{ name: 'Connect', state: 'failed' }],
      error: { code: 'remote/unreachable' },
    });
    const unknown = jobs.start('deploy', 'Plant', 1, () => Promise.reject(new Error('a secret from inside')));
    const ended = (await follow(jobs, unknown)).at(-1);
    expect(ended?.error?.code).toBe('internal/unexpected');
    expect(JSON.stringify(ended)).not.toContain('secret');
  });

  it('is still known to a window that comes after its end, and lets go of one that leaves', async () => {
    const jobs = newJobs();
    const jobId = jobs.start('push', 'Broker', 1, async () => {});
    await follow(jobs, jobId);
    expect(await follow(jobs, jobId)).toHaveLength(1);
    const running = jobs.start('push', 'Broker', 1, () => new Promise(() => {}));
    const watching = jobs.watch(running);
    await watching.next();
    await watching.return(undefined);
    expect(jobs.running('push')?.jobId).toBe(running);
    expect(() => jobs.get('no-such-job')).toThrow(expect.objectContaining({ code: 'job/not-found' }));
  });

  it('is not begun when the console closes, which waits for those that run', async () => {
    const jobs = newJobs();
    let finish = () => {};
    let ended = false;
    jobs.start('push', 'Broker', 1, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      ended = true;
    });
    const closing = jobs.close();
    expect(() => jobs.start('push', 'Broker', 1, async () => {})).toThrow(
      expect.objectContaining({ code: 'job/console-closing' }),
    );
    finish();
    await closing;
    expect(ended).toBe(true);
  });
});

import { eventIterator } from '@orpc/contract';
import { jobSchema } from '../model/job.ts';
import { jobReference, passive } from './base.ts';

export const jobsContract = {
  get: passive
    .route({ method: 'GET', path: '/jobs/{jobId}', tags: ['Jobs'], summary: 'State and progress of a job' })
    .input(jobReference)
    .output(jobSchema),
  /** The job now, and again at every step until it has finished. */
  watch: passive.input(jobReference).output(eventIterator(jobSchema)),
};

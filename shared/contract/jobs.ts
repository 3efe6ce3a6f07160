import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { jobSchema } from '../model/job.ts';
import { jobReference, passive } from './base.ts';

export const jobsContract = {
  list: passive
    .route({
      method: 'GET',
      path: '/jobs',
      tags: ['Jobs'],
      summary: 'Jobs since the console was started, newest first; also those that began by themselves',
    })
    .output(z.array(jobSchema)),
  get: passive
    .route({ method: 'GET', path: '/jobs/{jobId}', tags: ['Jobs'], summary: 'State and progress of a job' })
    .input(jobReference)
    .output(jobSchema),
  /** The job now, and again at every step until it has finished. */
  watch: passive.input(jobReference).output(eventIterator(jobSchema)),
};

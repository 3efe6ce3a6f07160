import { z } from 'zod';
import { brokerInputSchema, brokerSchema, pushPlanSchema } from '../model/broker.ts';
import { brokerIdParams, jobReference, passive, procedure } from './base.ts';

const tags = ['Brokers'];

export const brokersContract = {
  create: procedure
    .route({ method: 'POST', path: '/brokers', successStatus: 201, tags, summary: 'Register a broker' })
    .input(brokerInputSchema)
    .output(brokerSchema),
  list: passive
    .route({ method: 'GET', path: '/brokers', tags, summary: 'The brokers that this console manages' })
    .output(z.array(brokerSchema)),
  plan: procedure
    .route({ method: 'POST', path: '/brokers/{brokerId}/plan', tags, summary: 'What a push would change' })
    .input(brokerIdParams)
    .output(pushPlanSchema),
  push: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/push',
      successStatus: 202,
      tags,
      summary: "Bring the broker's files onto it, probe every listener, commit or roll back",
    })
    .input(brokerIdParams)
    .output(jobReference),
  /** Stops the broker process that this console started. */
  stop: procedure.input(brokerIdParams).output(brokerSchema),
  delete: procedure
    .route({ method: 'DELETE', path: '/brokers/{brokerId}', successStatus: 204, tags, summary: 'Forget a broker' })
    .input(brokerIdParams)
    .output(z.undefined()),
  log: passive.input(brokerIdParams).output(z.array(z.string())),
};

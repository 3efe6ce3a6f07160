import { z } from 'zod';
import {
  brokerInputSchema,
  brokerSchema,
  driftChoiceSchema,
  generationSchema,
  pushPlanSchema,
} from '../model/broker.ts';
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
    .input(brokerIdParams.extend({ drift: driftChoiceSchema.optional() }))
    .output(pushPlanSchema),
  push: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/push',
      successStatus: 202,
      tags,
      summary: "Bring the broker's files onto it, probe every listener, commit or roll back",
    })
    .input(
      brokerIdParams.extend({
        drift: driftChoiceSchema.optional(),
        /** Also where a reload would do: it ends every session, those of revoked plants too. */
        restart: z.boolean().optional(),
      }),
    )
    .output(jobReference),
  look: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/look',
      tags,
      summary: 'Ask the broker itself how it is; ends a push of this console that was cut off',
    })
    .input(brokerIdParams)
    .output(brokerSchema),
  takeOverPush: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/pushes/{pushId}/undo',
      successStatus: 202,
      tags,
      summary: "Undo another console's push that will never end",
    })
    .input(brokerIdParams.extend({ pushId: z.string().min(1).max(100) }))
    .output(jobReference),
  generations: procedure
    .route({
      method: 'GET',
      path: '/brokers/{brokerId}/generations',
      tags,
      summary: 'The configurations that the broker can go back to, newest first',
    })
    .input(brokerIdParams)
    .output(z.array(generationSchema)),
  goBack: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/generations/{generationId}/push',
      successStatus: 202,
      tags,
      summary: 'Push an earlier configuration, with the CRL and the credentials of today',
    })
    .input(brokerIdParams.extend({ generationId: z.string().min(1).max(100) }))
    .output(jobReference),
  /** Stops the broker process that this console started. */
  stop: procedure.input(brokerIdParams).output(brokerSchema),
  delete: procedure
    .route({ method: 'DELETE', path: '/brokers/{brokerId}', successStatus: 204, tags, summary: 'Forget a broker' })
    .input(brokerIdParams)
    .output(z.undefined()),
  log: passive.input(brokerIdParams).output(z.array(z.string())),
};

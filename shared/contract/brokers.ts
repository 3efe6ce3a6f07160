import { z } from 'zod';
import {
  brokerInputSchema,
  brokerSchema,
  dockerEngineTlsSchema,
  driftChoiceSchema,
  generationSchema,
  hostRoleSchema,
  plainPathSchema,
  pushPlanSchema,
} from '../model/broker.ts';
import { sshTargetSecretSchema } from '../model/broker-login.ts';
import { confirmedFingerprintSchema, hostKeySchema } from '../model/device.ts';
import { brokerIdParams, jobReference, passive, procedure } from './base.ts';

const tags = ['Brokers'];

const generationParams = brokerIdParams.extend({ generationId: z.string().min(1).max(100) });

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
  takeRevocationsIn: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/revocations',
      tags,
      summary: "Revoke here what the broker's CRL revokes, and number the next CRL beyond it; nothing is pushed",
    })
    .input(brokerIdParams)
    .output(z.object({ revoked: z.number().int() })),
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
  planGoingBack: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/generations/{generationId}/plan',
      tags,
      summary: 'What going back to an earlier configuration would change',
    })
    .input(generationParams)
    .output(pushPlanSchema),
  goBack: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/generations/{generationId}/push',
      successStatus: 202,
      tags,
      summary: 'Push an earlier configuration, with the CRL and the credentials of today',
    })
    .input(generationParams)
    .output(jobReference),
  files: procedure
    .route({
      method: 'GET',
      path: '/brokers/{brokerId}/files',
      tags,
      summary: "The broker's files with a script that installs them, as a tar; secrets included",
    })
    .input(
      brokerIdParams.extend({
        mosquitto: z.enum(['2.0', '2.1']).default('2.0'),
        /** Left out: so is the token listener. */
        jwtPlugin: plainPathSchema.optional(),
      }),
    )
    .output(z.file()),
  setLogin: procedure
    .route({
      method: 'PUT',
      path: '/brokers/{brokerId}/login',
      successStatus: 204,
      tags,
      summary: 'What the host of a broker behind SSH is logged in to with; kept sealed',
    })
    .input(brokerIdParams.extend({ secret: sshTargetSecretSchema }))
    .output(z.undefined()),
  fetchHostKey: procedure
    .route({
      method: 'POST',
      path: '/brokers/{brokerId}/host-keys/{role}',
      tags,
      summary: 'Phase one of pinning: the key that a host on the way shows now; a jump host must be confirmed first',
    })
    .input(brokerIdParams.extend({ role: hostRoleSchema }))
    .output(hostKeySchema),
  confirmHostKey: procedure
    .route({
      method: 'PUT',
      path: '/brokers/{brokerId}/host-keys/{role}',
      tags,
      summary: 'Phase two: the operator compared the fingerprint and confirms it',
    })
    .input(brokerIdParams.extend({ role: hostRoleSchema, fingerprint: confirmedFingerprintSchema }))
    .output(brokerSchema),
  setEngineTls: procedure
    .route({
      method: 'PUT',
      path: '/brokers/{brokerId}/engine-tls',
      successStatus: 204,
      tags,
      summary: 'What a Docker engine on TCP is reached with; kept sealed',
    })
    .input(brokerIdParams.extend({ tls: dockerEngineTlsSchema }))
    .output(z.undefined()),
  /** Brings the images of a tar file on this machine onto the broker's Docker engine; answers their names. */
  loadImage: procedure.input(brokerIdParams.extend({ path: z.string().min(1).max(4096) })).output(z.array(z.string())),
  /** Stops the broker process that this console started. */
  stop: procedure.input(brokerIdParams).output(brokerSchema),
  delete: procedure
    .route({ method: 'DELETE', path: '/brokers/{brokerId}', successStatus: 204, tags, summary: 'Forget a broker' })
    .input(brokerIdParams)
    .output(z.undefined()),
  log: passive.input(brokerIdParams).output(z.array(z.string())),
};

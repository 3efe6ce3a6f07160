import { z } from 'zod';
import { authoritySchema, revocationReasonSchema } from '../model/certificate.ts';
import { registeredCertificateSchema, registerStateSchema } from '../model/register.ts';
import { limitSchema, offsetSchema, passive, procedure } from './base.ts';

const tags = ['Authority'];

/** What came with an adopted authority and is known by its serial number only. */
export const authorityRegisterProcedures = {
  listRegister: passive
    .route({
      method: 'GET',
      path: '/authority/register',
      tags,
      summary: 'Certificates of an adopted authority that are known by their serial number only',
    })
    .input(
      z.object({
        /** Found in the subject, or at the beginning of the serial number. */
        query: z.string().trim().max(200).optional(),
        state: registerStateSchema.optional(),
        limit: limitSchema,
        offset: offsetSchema,
      }),
    )
    .output(z.object({ items: z.array(registeredCertificateSchema), total: z.number().int() })),
  revokeRegistered: procedure
    .route({
      method: 'POST',
      path: '/authority/register/{serialNumber}/revoke',
      tags,
      summary: 'Revoke one of them, and publish the CRL; a push brings it to the brokers',
    })
    .input(
      z.object({
        serialNumber: z.string().regex(/^([0-9a-f]{2}){1,20}$/i, 'must be hexadecimal'),
        reason: revocationReasonSchema.default('unspecified'),
      }),
    )
    .output(authoritySchema),
};

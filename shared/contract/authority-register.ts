import { z } from 'zod';
import {
  authoritySchema,
  certificateSchema,
  plantRevocationReasonSchema,
  revocationReasonSchema,
} from '../model/certificate.ts';
import { timestampSchema } from '../model/plant.ts';
import { registeredCertificateSchema, registerStateSchema } from '../model/register.ts';
import { limitSchema, offsetSchema, passive, procedure } from './base.ts';

const tags = ['Authority'];

const serialNumberParams = z.object({
  serialNumber: z.string().regex(/^([0-9a-f]{2}){1,20}$/i, 'must be hexadecimal'),
});
const certificateParams = z.object({
  serialNumber: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/i, 'must be hexadecimal')
    .toLowerCase(),
});
/** Since when its key must be taken for lost (RFC 5280, 5.3.2); never in the future. */
const invalidityDateSchema = timestampSchema.optional();

/** What came with an adopted authority and is known by its serial number only; and certificates that have no plant. */
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
      serialNumberParams.extend({
        reason: revocationReasonSchema.default('unspecified'),
        invalidityDate: invalidityDateSchema,
      }),
    )
    .output(authoritySchema),
  takeRegisteredRevocationBack: procedure
    .route({
      method: 'POST',
      path: '/authority/register/{serialNumber}/revoke/undo',
      tags,
      summary: 'Take such a revocation back; 409 once the CRL has left the console',
    })
    .input(serialNumberParams)
    .output(authoritySchema),
  revokeCertificate: procedure
    .route({
      method: 'POST',
      path: '/certificates/{serialNumber}/revoke',
      tags,
      summary: 'Revoke a certificate that belongs to no plant, and publish the CRL; a push brings it to the brokers',
    })
    .input(
      certificateParams.extend({
        reason: plantRevocationReasonSchema.default('unspecified'),
        invalidityDate: invalidityDateSchema,
      }),
    )
    .output(certificateSchema),
  takeCertificateRevocationBack: procedure
    .route({
      method: 'POST',
      path: '/certificates/{serialNumber}/revoke/undo',
      tags,
      summary: 'Take such a revocation back; 409 once the CRL has left the console by a push, an export or a download',
    })
    .input(certificateParams)
    .output(certificateSchema),
};

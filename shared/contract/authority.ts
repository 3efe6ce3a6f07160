import { z } from 'zod';
import {
  authorityDefaults,
  authorityKeyAlgorithmSchema,
  authoritySchema,
  certificateKindSchema,
  certificateSchema,
  certificateStateSchema,
} from '../model/certificate.ts';
import { limitSchema, offsetSchema, passive, procedure } from './base.ts';

const tags = ['Authority'];

export const authorityContract = {
  create: procedure
    .route({ method: 'POST', path: '/authority', successStatus: 201, tags, summary: 'Make the certificate authority' })
    .input(
      z
        .object({
          subject: z.string().trim().min(1).max(500).default(authorityDefaults.subject),
          keyAlgorithm: authorityKeyAlgorithmSchema.default(authorityDefaults.keyAlgorithm),
          validityDays: z.number().int().min(1).max(36500).default(authorityDefaults.validityDays),
        })
        .prefault({}),
    )
    .output(authoritySchema),
  get: passive
    .route({ method: 'GET', path: '/authority', tags, summary: 'The authority and the state of its CRL' })
    .output(authoritySchema),
  certificateFile: passive
    .route({ method: 'GET', path: '/authority/ca.crt', tags, summary: 'The root certificate (PEM)' })
    .output(z.file()),
  crlFile: passive
    .route({ method: 'GET', path: '/authority/ca.crl', tags, summary: 'The certificate revocation list (PEM)' })
    .output(z.file()),
  listCertificates: passive
    .route({ method: 'GET', path: '/certificates', tags, summary: 'Every certificate that was issued' })
    .input(
      z.object({
        kind: certificateKindSchema.optional(),
        state: certificateStateSchema.optional(),
        limit: limitSchema,
        offset: offsetSchema,
      }),
    )
    .output(z.object({ items: z.array(certificateSchema), total: z.number().int() })),
};

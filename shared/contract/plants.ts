import { z } from 'zod';
import { leafKeyAlgorithmSchema, plantRevocationReasonSchema } from '../model/certificate.ts';
import { credentialExportFormatSchema, exportPasswordSchema, needsExportPassword } from '../model/credential-export.ts';
import {
  confirmedFingerprintSchema,
  deviceHostRoleSchema,
  deviceInputSchema,
  deviceSchema,
  hostKeySchema,
} from '../model/device.ts';
import { leafValiditySchema } from '../model/leaf-validity.ts';
import { certificateRequestTextSchema } from '../model/offline.ts';
import {
  authMethodSchema,
  labelSchema,
  plantInputSchema,
  plantPresenceSchema,
  plantSchema,
  plantStatusSchema,
  timestampSchema,
} from '../model/plant.ts';
import { importPreviewSchema, maxImportLength } from '../model/plant-import.ts';
import { credentialSchema, defaultTokenTtlSeconds, provisioningPackageSchema } from '../model/provisioning.ts';
import { jobReference, limitSchema, offsetSchema, passive, plantIdParams, procedure } from './base.ts';
import { deploymentProcedures } from './deployments.ts';

const tags = ['Plants'];

const issueOptionsSchema = z.object({
  /** The broker that the plant will connect to; left out, that of its last credential, else the first. */
  brokerId: z.uuid().optional(),
  /** Of a certificate; left out, RSA-2048 as in the mTLS document. */
  keyAlgorithm: leafKeyAlgorithmSchema.optional(),
  /** Of a certificate; left out, 730 days, or what the authority has left. */
  validity: leafValiditySchema.optional(),
});

const issueInput = plantIdParams.extend(issueOptionsSchema.shape).extend({
  /** A certificate request (PKCS#10, PEM) whose key gets the certificate; nothing else of it is followed. */
  request: certificateRequestTextSchema.optional(),
});

const csvInput = z.object({ csv: z.string().max(maxImportLength) });

export const plantsContract = {
  create: procedure
    .route({ method: 'POST', path: '/plants', successStatus: 201, tags, summary: 'Register a plant' })
    .input(plantInputSchema)
    .output(plantSchema),
  previewImport: procedure
    .route({
      method: 'POST',
      path: '/plants/import/preview',
      tags,
      summary: 'What an import of this CSV file would register, and the fault of every line that it would refuse',
    })
    .input(csvInput)
    .output(importPreviewSchema),
  import: procedure
    .route({
      method: 'POST',
      path: '/plants/import',
      successStatus: 202,
      tags,
      summary: 'Register every plant of a CSV file, or none; with `issue` each gets its first credential too',
    })
    .input(csvInput.extend({ issue: issueOptionsSchema.optional() }))
    .output(jobReference),
  list: passive
    .route({ method: 'GET', path: '/plants', tags, summary: 'The register of plants' })
    .input(
      z.object({
        status: plantStatusSchema.optional(),
        authMethod: authMethodSchema.optional(),
        query: z.string().max(200).optional(),
        limit: limitSchema,
        offset: offsetSchema,
      }),
    )
    .output(z.object({ items: z.array(plantSchema), total: z.number().int() })),
  get: passive
    .route({ method: 'GET', path: '/plants/{plantId}', tags, summary: 'One plant' })
    .input(plantIdParams)
    .output(plantSchema),
  presence: passive
    .route({
      method: 'GET',
      path: '/plants/{plantId}/presence',
      tags,
      summary: 'Whether the plant is connected now, as far as the brokers can tell',
    })
    .input(plantIdParams)
    .output(plantPresenceSchema),
  update: procedure
    .route({ method: 'PATCH', path: '/plants/{plantId}', tags, summary: 'Change name, site or auth method' })
    .input(
      plantIdParams.extend({
        name: labelSchema.optional(),
        site: labelSchema.nullish(),
        authMethod: authMethodSchema.optional(),
      }),
    )
    .output(plantSchema),
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/plants/{plantId}',
      successStatus: 204,
      tags,
      summary: 'Remove a plant that has no credential in force',
    })
    .input(plantIdParams)
    .output(z.undefined()),
  credentials: passive
    .route({ method: 'GET', path: '/plants/{plantId}/credentials', tags, summary: 'What was issued to a plant' })
    .input(plantIdParams)
    .output(z.array(credentialSchema)),
  provision: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/provision',
      tags,
      summary: 'Issue a credential to a plant that is not ACTIVE; the secrets are shown here once',
    })
    .input(issueInput)
    .output(provisioningPackageSchema),
  /** Issues the next credential beside the live one; the old one is retired when the new one was verified. */
  rotate: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/rotate',
      tags,
      summary: 'Issue the next credential beside the live one',
    })
    .input(issueInput)
    .output(provisioningPackageSchema),
  exportCredential: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/export',
      tags,
      summary: 'The newest certificate as files; a private key that leaves in the clear is handed over by it',
    })
    .input(
      plantIdParams
        .extend({
          format: credentialExportFormatSchema,
          /** Of the PKCS#12 formats, which need it. */
          password: exportPasswordSchema.optional(),
        })
        .refine(({ format, password }) => password !== undefined || !needsExportPassword(format), {
          path: ['password'],
          message: 'is needed for PKCS#12',
        }),
    )
    .output(z.file()),
  download: procedure
    .route({
      method: 'GET',
      path: '/plants/{plantId}/provision/download',
      outputStructure: 'detailed',
      tags,
      summary: 'The provisioning package once more, as an attachment; 410 after it was handed over',
    })
    .input(plantIdParams)
    .output(z.object({ headers: z.object({ 'content-disposition': z.string() }), body: provisioningPackageSchema })),
  issueToken: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/mqtt-token',
      tags,
      summary: 'An RS256 token for a TOKEN plant (1 hour by default, 24 hours at most)',
    })
    .input(
      // The upper bound is the credentials room's own answer, with its own code.
      plantIdParams.extend({ ttlSeconds: z.number().int().min(1).default(defaultTokenTtlSeconds) }),
    )
    .output(z.object({ token: z.string(), expiresAt: timestampSchema })),
  activate: procedure
    .route({ method: 'POST', path: '/plants/{plantId}/activate', tags, summary: "The operator's word that it works" })
    .input(plantIdParams)
    .output(plantSchema),
  revoke: procedure
    .route({ method: 'POST', path: '/plants/{plantId}/revoke', tags, summary: 'Revoke every credential of a plant' })
    .input(
      plantIdParams.extend({
        reason: plantRevocationReasonSchema.default('unspecified'),
        /** Since when its key must be taken for lost (RFC 5280, 5.3.2); never in the future. */
        invalidityDate: timestampSchema.optional(),
      }),
    )
    .output(plantSchema),
  takeRevocationBack: procedure
    .route({
      method: 'POST',
      path: '/plants/{plantId}/revoke/undo',
      tags,
      summary: 'Take a revocation back; 409 once the CRL has left the console by a push, an export or a download',
    })
    .input(plantIdParams)
    .output(plantSchema),
  ...deploymentProcedures,
  getDevice: passive.input(plantIdParams).output(deviceSchema.nullable()),
  putDevice: procedure.input(plantIdParams.extend({ device: deviceInputSchema })).output(deviceSchema),
  /** Phase one of pinning: what the host shows now. Nothing is sent to it; a jump host before it is logged in to. */
  fetchHostKey: procedure
    .input(plantIdParams.extend({ role: deviceHostRoleSchema.default('device') }))
    .output(hostKeySchema),
  /** Phase two: the operator compared the fingerprint and confirms it. */
  confirmHostKey: procedure
    .input(
      plantIdParams.extend({ role: deviceHostRoleSchema.default('device'), fingerprint: confirmedFingerprintSchema }),
    )
    .output(deviceSchema),
};

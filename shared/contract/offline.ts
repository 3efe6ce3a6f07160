// No network: credentials leave on a stick and receipts come back on it, or a request comes first and its answer leaves.

import { z } from 'zod';
import { leafKeyAlgorithmSchema } from '../model/certificate.ts';
import { deviceDirectorySchema } from '../model/device.ts';
import {
  bundleSchema,
  bundleStateSchema,
  certificateRequestSchema,
  certificateRequestTextSchema,
  exportedBundleSchema,
  maxExportedPlants,
  receiptFactsSchema,
} from '../model/offline.ts';
import { plantIdSchema } from '../model/plant.ts';
import { passive, plantIdParams, procedure } from './base.ts';

const tags = ['Offline'];

/** What was exported, and a file for the stick. Over REST it is a form (multipart/form-data) with these fields. */
const exported = z.object({
  bundles: z.array(exportedBundleSchema),
  /** The one bundle, a shell script; or a tar of many. */
  file: z.file(),
});

/** Where a device has no address in the register; left out, what is stored of it, or `/etc/voke`. */
const directory = deviceDirectorySchema.optional();

export const offlineContract = {
  exportBundles: procedure
    .route({
      method: 'POST',
      path: '/offline/bundles',
      successStatus: 201,
      tags,
      summary: 'The newest credentials as files for a stick, each encrypted to a one-time code that is shown here once',
    })
    .input(z.object({ plantIds: z.array(plantIdSchema).min(1).max(maxExportedPlants), directory }))
    .output(exported),
  listBundles: passive
    .route({ method: 'GET', path: '/offline/bundles', tags, summary: 'What left on a stick, newest first' })
    .input(z.object({ state: bundleStateSchema.optional(), plantId: plantIdSchema.optional() }))
    .output(z.array(bundleSchema)),
  importReceipt: procedure
    .route({
      method: 'POST',
      path: '/offline/receipts',
      tags,
      summary: 'What an installation from a stick brought back; closes the deployment',
    })
    .input(
      z.object({
        receipt: z
          .string()
          .min(1)
          .max(64 * 1024),
        /** Refuses the receipt of any other plant. */
        plantId: plantIdSchema.optional(),
      }),
    )
    .output(receiptFactsSchema),
  requestKit: procedure
    .route({
      method: 'POST',
      path: '/offline/plants/{plantId}/request-kit',
      tags,
      summary: 'A script that makes a private key on the device and writes a certificate request to the stick',
    })
    .input(plantIdParams.extend({ keyAlgorithm: leafKeyAlgorithmSchema.optional(), directory }))
    .output(z.file()),
  readRequest: procedure
    .route({
      method: 'POST',
      path: '/offline/plants/{plantId}/request/read',
      tags,
      summary: 'What a certificate request says, with the key check to compare with the device; issues nothing',
    })
    .input(plantIdParams.extend({ request: certificateRequestTextSchema }))
    .output(certificateRequestSchema),
  answerRequest: procedure
    .route({
      method: 'POST',
      path: '/offline/plants/{plantId}/request',
      successStatus: 201,
      tags,
      summary: 'Issue the certificate that a request proves the key of, and export the bundle that brings it',
    })
    .input(
      plantIdParams.extend({
        request: certificateRequestTextSchema,
        /** As the device showed it, in any spacing. */
        keyCheck: z.string().max(100),
        brokerId: z.uuid().optional(),
        directory,
      }),
    )
    .output(exported),
};

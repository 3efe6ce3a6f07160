// The `celine` profile: a broker that asks a policy service for every login and every access, through mosquitto-go-auth.

import { z } from 'zod';
import { hostnameSchema, imageNameSchema, portSchema } from './broker.ts';
import { policyVersionNumberSchema } from './policy-version.ts';

export const celineModes = [
  /** HTTP backend: the token's subject as username, and the token as password. */
  'http',
  /** JWT backend, remote: the token as username, and any password that is not empty. */
  'jwt',
  /** As the CELINE document writes it, with an empty username: such a client cannot log in. */
  'document',
] as const;
export type CelineMode = (typeof celineModes)[number];

export const documentVariantNotice =
  "Clients of the CELINE document cannot log in: they send an empty username, which mosquitto-go-auth refuses before it asks anybody. With the token's subject (sub) as username, and the token as password, they can.";

/** mosquitto-go-auth with the Mosquitto that it was built for; both numbers belong together. */
export const celineImage = 'ghcr.io/lhns/mosquitto-go-auth:3.5.0-mosquitto_2.1.2';

/** Longer, and an access would outlive its token, or the rules that allowed it, by more than anybody expects. */
export const maxCelineCacheSeconds = 300;

export const celineExportSchema = z.object({
  mode: z.enum(celineModes).default('http'),
  /** What clients call the broker: the name in its certificate. */
  host: hostnameSchema,
  ports: z
    .object({
      tls: portSchema.default(8883),
      /** Without encryption; null leaves it out. */
      plain: portSchema.nullable().default(null),
    })
    .refine(({ tls, plain }) => tls !== plain, 'must differ')
    .default({ tls: 8883, plain: null }),
  /** The rules to go with it; left out, those in force. */
  version: policyVersionNumberSchema.optional(),
  /** How long go-auth may reuse an answer; 0 asks every time. */
  cacheSeconds: z.number().int().min(0).max(maxCelineCacheSeconds).default(30),
  /** Of the Mosquitto in the image. */
  mosquitto: z.enum(['2.0', '2.1']).default('2.1'),
  image: imageNameSchema.default(celineImage),
});
export type CelineExport = z.infer<typeof celineExportSchema>;

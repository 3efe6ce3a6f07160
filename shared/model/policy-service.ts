// The service that brokers ask: where it listens, and by which keys it checks tokens.

import { z } from 'zod';
import { hostnameSchema, isIpAddress } from './broker.ts';
import { timestampSchema } from './plant.ts';

export const defaultPolicyPort = 8009;

const filePem = z.string().min(1).max(65_536);

/** Where the keys come from that tokens are checked by. */
export const policyKeySourceSchema = z.discriminatedUnion('kind', [
  /** The token keys of this vault. */
  z.object({ kind: z.literal('console') }),
  z.object({ kind: z.literal('pem'), pem: filePem }),
  z.object({ kind: z.literal('jwk-set'), text: z.string().min(1).max(1_048_576) }),
  z.object({
    kind: z.literal('address'),
    url: z.url({ protocol: /^https?$/ }).max(2000),
    /** Whom a certificate of that address must be by; null: whom this system trusts. */
    authorityPem: filePem.nullable().default(null),
  }),
]);
export type PolicyKeySource = z.infer<typeof policyKeySourceSchema>;

/** Whose tokens count; a claim that is null here is not looked at. */
export const tokenExpectationsSchema = z.object({
  issuer: z.string().min(1).max(2000).nullable().default(null),
  audience: z.string().min(1).max(2000).nullable().default(null),
});

export const policyServiceSettingsSchema = tokenExpectationsSchema.extend({
  /** Of this machine; any other than a loopback address is served over TLS only. */
  address: z.string().refine(isIpAddress, 'must be an IP address').default('127.0.0.1'),
  /** 0 has a free one picked. */
  port: z.number().int().min(0).max(65_535).default(defaultPolicyPort),
  /** What brokers call this machine: the name in the certificate. */
  serverName: hostnameSchema.default('localhost'),
  /** How long a decision, and a token that was checked, may be reused. */
  cacheSeconds: z.number().int().min(0).max(3600).default(30),
  keys: policyKeySourceSchema.default({ kind: 'console' }),
});
export type PolicyServiceSettings = z.infer<typeof policyServiceSettingsSchema>;

export const policyServiceSchema = z.object({
  settings: policyServiceSettingsSchema,
  state: z.enum(['stopped', 'running', 'failed']),
  /** Where it listens; null while it does not. */
  endpoint: z.object({ address: z.string(), port: z.number().int(), isTls: z.boolean() }).nullable(),
  /** The rules that it decides by; null where none are in force: then everybody is denied. */
  version: z.number().int().nullable(),
  /** Why it failed, in words. */
  problem: z.string().nullable(),
  startedAt: timestampSchema.nullable(),
  /** Since it was started. */
  counts: z.object({ allowed: z.number().int(), denied: z.number().int(), notUnderstood: z.number().int() }),
});
export type PolicyService = z.infer<typeof policyServiceSchema>;

export const isLoopbackAddress = (address: string): boolean => /^127(\.\d{1,3}){3}$/.test(address) || address === '::1';

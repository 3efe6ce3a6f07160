import { z } from 'zod';
import { labelSchema, timestampSchema } from './plant.ts';

/** The three TLS listeners of the `voke` profile. */
export const listenerPortsSchema = z.object({
  mtls: z.number().int().min(1).max(65535),
  password: z.number().int().min(1).max(65535),
  token: z.number().int().min(1).max(65535),
});
export type ListenerPorts = z.infer<typeof listenerPortsSchema>;

export const productionPorts: ListenerPorts = { mtls: 8886, password: 8885, token: 8887 };
export const localPorts: ListenerPorts = { mtls: 8883, password: 8885, token: 8884 };

/** A DNS name or an IPv4/IPv6 address, as a subjectAltName or an address to connect to. */
export const hostnameSchema = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .refine((value) => isHostname(value) || isIpAddress(value), 'must be a host name or an IP address');

export const isHostname = (value: string): boolean =>
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$/i.test(value) &&
  !/^[0-9.]+$/.test(value);

export const isIpAddress = (value: string): boolean =>
  z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success;

/** process: a `mosquitto` on PATH that the console starts. practice: the built-in broker. */
export const brokerTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('process') }),
  z.object({ kind: z.literal('practice') }),
]);
export type BrokerTarget = z.infer<typeof brokerTargetSchema>;

export const brokerInputSchema = z.object({
  name: labelSchema,
  target: brokerTargetSchema,
  /** The name that plants connect to; also the first subjectAltName of its certificate. */
  host: hostnameSchema,
  subjectAltNames: z.array(hostnameSchema).max(20).default([]),
  ports: listenerPortsSchema,
});
export type BrokerInput = z.infer<typeof brokerInputSchema>;

export const brokerStateSchema = z.enum(['stopped', 'running', 'failed']);
export type BrokerState = z.infer<typeof brokerStateSchema>;

export const brokerSchema = z.object({
  brokerId: z.string(),
  name: labelSchema,
  target: brokerTargetSchema,
  profile: z.literal('voke'),
  host: z.string(),
  subjectAltNames: z.array(z.string()),
  ports: listenerPortsSchema,
  state: brokerStateSchema,
  /** `mosquitto -h`'s version, or the practice broker's; null while it has not run. */
  version: z.string().nullable(),
  /** What the operator must know, such as a listener that was left out. */
  notices: z.array(z.string()),
  certificateExpiresAt: timestampSchema.nullable(),
  lastPushedAt: timestampSchema.nullable(),
  /** The register changed after the last push: the broker does not know it yet. */
  pushPending: z.boolean(),
});
export type Broker = z.infer<typeof brokerSchema>;

export const planEntrySchema = z.object({
  file: z.string(),
  change: z.enum(['new', 'changed', 'same']),
  /** What the change needs to take effect. */
  needs: z.enum(['nothing', 'reload', 'restart']),
});
export const pushPlanSchema = z.object({
  files: z.array(planEntrySchema),
  needs: z.enum(['nothing', 'reload', 'restart']),
  notices: z.array(z.string()),
});
export type PushPlan = z.infer<typeof pushPlanSchema>;

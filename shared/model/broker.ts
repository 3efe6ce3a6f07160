import { z } from 'zod';
import { jobErrorSchema } from './job.ts';
import { labelSchema, timestampSchema } from './plant.ts';

export const portSchema = z.number().int().min(1).max(65535);

/** The three TLS listeners of the `voke` profile. */
export const listenerPortsSchema = z.object({ mtls: portSchema, password: portSchema, token: portSchema });
export type ListenerPorts = z.infer<typeof listenerPortsSchema>;

export const productionPorts: ListenerPorts = { mtls: 8886, password: 8885, token: 8887 };
export const localPorts: ListenerPorts = { mtls: 8883, password: 8885, token: 8884 };

/** The two listeners of the `plantops` profile, without TLS: MQTT over TCP, and over WebSockets. */
export const plantopsPortsSchema = z.object({ mqtt: portSchema, webSockets: portSchema });
export type PlantopsPorts = z.infer<typeof plantopsPortsSchema>;

export const plantopsPorts: PlantopsPorts = { mqtt: 1883, webSockets: 9001 };

const vokeListenersSchema = z.object({ profile: z.literal('voke'), ports: listenerPortsSchema });
const plantopsListenersSchema = z.object({ profile: z.literal('plantops'), ports: plantopsPortsSchema });

/** What a broker is configured as, and where it listens therefore. */
export const brokerListenersSchema = z.discriminatedUnion('profile', [vokeListenersSchema, plantopsListenersSchema]);
export type BrokerListeners = z.infer<typeof brokerListenersSchema>;
export const brokerProfileSchema = z.enum(['voke', 'plantops']);
export type BrokerProfile = BrokerListeners['profile'];
export const brokerPortsSchema = z.union([listenerPortsSchema, plantopsPortsSchema]);
export type BrokerPorts = BrokerListeners['ports'];

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

/** An absolute path of plain characters, so that no shell can read anything else into it. */
export const plainPathSchema = z
  .string()
  .max(200)
  .regex(/^(\/[A-Za-z0-9_.-]+)+$/, 'must be an absolute path of letters, digits, dot, dash and underscore')
  .refine(
    (path) => !path.split('/').some((part) => part === '.' || part === '..'),
    'must not contain . or .. as a part',
  );

/** How a Docker engine is reached: its Unix socket, TCP with TLS (port 2376), or a pipe of Windows. */
export const dockerEngineAddressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('socket'), path: z.string().min(1).max(200).startsWith('/') }),
  z.object({ kind: z.literal('tcp'), host: hostnameSchema, port: portSchema.default(2376) }),
  z.object({ kind: z.literal('namedPipe'), path: z.string().min(1).max(200) }),
]);
export type DockerEngineAddress = z.infer<typeof dockerEngineAddressSchema>;

/** What an engine on TCP is trusted by and trusts: kept sealed, never in the target. */
export const dockerEngineTlsSchema = z.object({
  authorityPem: z.string().min(1).max(65536),
  certificatePem: z.string().min(1).max(65536),
  keyPem: z.string().min(1).max(65536),
});
export type DockerEngineTls = z.infer<typeof dockerEngineTlsSchema>;

/** Docker's own rule for the name of a container. */
const containerNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,127}$/, 'must be the name of a container');

export const defaultContainerName = 'cpi-mosquitto';
export const defaultImage = 'eclipse-mosquitto:2';

/** Docker's own form of a reference, such as `registry.example:5000/team/mosquitto:2`. */
export const imageNameSchema = z
  .string()
  .max(255)
  .regex(/^[a-z0-9][A-Za-z0-9._/:@-]*$/, 'must be the name of an image');

/** A broker in a container of a Docker engine. */
export const dockerTargetSchema = z.object({
  kind: z.literal('docker'),
  engine: dockerEngineAddressSchema.default({ kind: 'socket', path: '/var/run/docker.sock' }),
  container: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('name'), name: containerNameSchema }),
      /** `name` or `name=value`. */
      z.object({ by: z.literal('label'), label: z.string().min(1).max(200) }),
    ])
    .default({ by: 'name', name: defaultContainerName }),
  /** Inside the container; must be a mounted directory. */
  configDirectory: plainPathSchema.default('/mosquitto/config'),
  /** Left out: a container that is missing is not made. */
  create: z
    .object({
      /** Must be on the engine: nothing is fetched from a registry. */
      image: imageNameSchema.default(defaultImage),
      /** host: the engine's own ports. published: each listener's port is published under the same number. */
      network: z.enum(['host', 'published']).default('published'),
    })
    .optional(),
});
export type DockerTargetSettings = z.infer<typeof dockerTargetSchema>;

/** A login's name on a Unix host. */
const loginNameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'must be a user name');
const sshPortSchema = portSchema.default(22);

/** A broker on a host that is reached over SSH. */
export const sshTargetSchema = z.object({
  kind: z.literal('ssh'),
  host: hostnameSchema,
  port: sshPortSchema,
  username: loginNameSchema,
  /** As the broker sees it: for a container, inside of it, and mounted from the host. */
  configDirectory: plainPathSchema.default('/etc/mosquitto'),
  /** How its process is asked and told. */
  control: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('systemd'),
        unit: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9@_.:-]{0,127}$/, 'must be the name of a unit')
          .default('mosquitto.service'),
      }),
      z.object({ kind: z.literal('pidFile'), path: plainPathSchema }),
      z.object({
        kind: z.literal('container'),
        name: containerNameSchema.default(defaultContainerName),
        runtime: z.enum(['docker', 'podman']).default('docker'),
      }),
    ])
    .default({ kind: 'systemd', unit: 'mosquitto.service' }),
  /** The login is an ordinary one that may become root with sudo. */
  useSudo: z.boolean().default(false),
  /** A host that the connection goes through. */
  jump: z.object({ host: hostnameSchema, port: sshPortSchema, username: loginNameSchema }).optional(),
});
export type SshTargetSettings = z.infer<typeof sshTargetSchema>;

/** process: a `mosquitto` on PATH that the console starts. practice: the built-in broker. */
export const brokerTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('process') }),
  sshTargetSchema,
  dockerTargetSchema,
  z.object({ kind: z.literal('practice') }),
]);
export type BrokerTarget = z.infer<typeof brokerTargetSchema>;
export const brokerTargetKindSchema = z.enum(['process', 'ssh', 'docker', 'practice']);

const brokerInputFields = z.object({
  name: labelSchema,
  target: brokerTargetSchema,
  /** The name that plants connect to; also the first subjectAltName of its certificate, where it has one. */
  host: hostnameSchema,
  subjectAltNames: z.array(hostnameSchema).max(20).default([]),
});

export const brokerInputSchema = z.discriminatedUnion('profile', [
  brokerInputFields.extend({
    // Optional too: a union finds its member by the value before any default is filled in.
    profile: z.literal('voke').optional().default('voke'),
    ports: listenerPortsSchema,
  }),
  brokerInputFields.extend({
    profile: z.literal('plantops'),
    ports: plantopsPortsSchema.default(plantopsPorts),
  }),
]);
export type BrokerInput = z.infer<typeof brokerInputSchema>;

export const brokerStateSchema = z.enum(['stopped', 'running', 'failed']);
export type BrokerState = z.infer<typeof brokerStateSchema>;

/** A push that was neither kept nor undone. The console ends its own by itself as soon as it reaches the broker. */
export const unfinishedPushSchema = z.object({
  pushId: z.string(),
  startedBy: z.string().nullable(),
  startedAt: timestampSchema,
  /** The step that it had reached. */
  step: z.string().nullable(),
  /** False: another console's, which may still be at it. */
  isOwn: z.boolean(),
  /** The job that undoes it, running or ended. */
  jobId: z.string().nullable(),
});
export type UnfinishedPush = z.infer<typeof unfinishedPushSchema>;

/** A host on the way to a broker behind SSH. */
export const hostRoleSchema = z.enum(['jump', 'broker']);
export type HostRole = z.infer<typeof hostRoleSchema>;

/** What stands between the console and a broker, beside the network. */
export const brokerAccessSchema = z.object({
  /** Over SSH: a login is stored. A Docker engine on TCP: its certificates are. */
  hasLogin: z.boolean(),
  /** Over SSH, in the order of the way: the jump host first. Null where nobody has confirmed the key yet. */
  hostKeys: z.array(
    z.object({
      role: hostRoleSchema,
      host: z.string(),
      port: z.number().int(),
      confirmed: z.string().nullable(),
    }),
  ),
});
export type BrokerAccess = z.infer<typeof brokerAccessSchema>;

const brokerFields = z.object({
  brokerId: z.string(),
  name: labelSchema,
  target: brokerTargetSchema,
  host: z.string(),
  subjectAltNames: z.array(z.string()),
  state: brokerStateSchema,
  /** `mosquitto -h`'s version, or the practice broker's; null while it has not run. */
  version: z.string().nullable(),
  /** What the operator must know, such as a listener that was left out. */
  notices: z.array(z.string()),
  /** Null where it has none: before the first push, and without TLS. */
  certificateExpiresAt: timestampSchema.nullable(),
  lastPushedAt: timestampSchema.nullable(),
  /** The register changed after the last push: the broker does not know it yet. */
  pushPending: z.boolean(),
  /** When the CRL that it got with the last push ends: from then on it refuses every certificate. Null without one. */
  crlNextUpdate: timestampSchema.nullable(),
  /** When it was looked at last; null: not yet, so its state is not known. */
  lookedAt: timestampSchema.nullable(),
  /** Why it could not be looked at. */
  problem: jobErrorSchema.nullable(),
  /** Files that somebody else changed since the last push; null where nobody looked. */
  driftedFiles: z.array(z.string()).nullable(),
  unfinishedPush: unfinishedPushSchema.nullable(),
  /** Null where no login is needed. */
  access: brokerAccessSchema.nullable(),
});

export const brokerSchema = z.discriminatedUnion('profile', [
  brokerFields.extend(vokeListenersSchema.shape),
  brokerFields.extend(plantopsListenersSchema.shape),
]);
export type Broker = z.infer<typeof brokerSchema>;

export const pushNeedSchema = z.enum(['nothing', 'reload', 'restart']);

export const planEntrySchema = z.object({
  file: z.string(),
  /** foreign: somebody else's file, which stays as it is. removed: the last push wrote it, this one takes it away. */
  change: z.enum(['new', 'changed', 'same', 'foreign', 'removed']),
  /** What the change needs to take effect. */
  needs: pushNeedSchema,
  /** Unified, against what is in force, secrets masked; empty where nothing changes; null where nobody asked. */
  diff: z.string().nullable(),
});

/** What somebody else changed in a file since the last push of this console. */
export const driftEntrySchema = z.object({
  file: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  /** Unified, since the last push, secrets masked; null where it is not known any more what that push wrote. */
  diff: z.string().nullable(),
});
export type DriftEntry = z.infer<typeof driftEntrySchema>;

/** keep: what others wrote on the broker stays. overwrite: what was changed there since the last push is undone. */
export const driftChoiceSchema = z.enum(['keep', 'overwrite']);
export type DriftChoice = z.infer<typeof driftChoiceSchema>;

/** A set of files that was in force before the present one. */
export const generationSchema = z.object({
  generationId: z.string(),
  writtenAt: timestampSchema,
});

export const pushPlanSchema = z.object({
  files: z.array(planEntrySchema),
  needs: pushNeedSchema,
  /** Whose connection the change ends. */
  dropped: z.object({
    who: z.enum(['nobody', 'users', 'everyone']),
    /** users: those whose password changes or goes. Where the broker can tell, only who is connected now. */
    usernames: z.array(z.string()),
  }),
  /** Somebody else's entries that stay, in words. */
  kept: z.array(z.object({ file: z.string(), entry: z.string() })),
  drift: z.array(driftEntrySchema),
  notices: z.array(z.string()),
});
export type PushPlan = z.infer<typeof pushPlanSchema>;

// A core of a few procedures, for tests of the hosts: it knows one plant, one passphrase and one backup.

import { createImplementer } from '../../electron/core/implementer.ts';
import type { HostedCore } from '../../electron/host-common/hosted-core.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type Plant, plantIdSchema } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';

export const fakePlantId = '11111111-2222-4333-8444-555555555555';
export const fakePassphrase = 'correct horse battery';

const plant: Plant = {
  plantId: plantIdSchema.parse(fakePlantId),
  name: 'Biogas 1',
  site: null,
  authMethod: 'PASSWORD',
  status: 'PENDING',
  username: 'plc-11111111',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  credentialExpiresAt: null,
  credentialWaits: false,
  lastSeenAt: null,
  revokedAt: null,
  revocationIsOpen: false,
  heardAfterRevocation: false,
  deployment: 'unknown',
};

const provisioningPackage: ProvisioningPackage = {
  plantId: plant.plantId,
  authMethod: 'PASSWORD',
  connection: { broker: 'mqtts://localhost', port: 8886, useTls: true, clientId: plant.username },
  auth: { username: plant.username, password: 'x'.repeat(32) },
  tls: { caCertPem: '-----BEGIN CERTIFICATE-----' },
  topics: { telemetry: 't', command: 'c', ack: 'a', status: 's', alarm: 'l' },
  recommended: { qos: 1, keepAlive: 60 },
  hmacSecret: 'h'.repeat(32),
};

export type FakeCore = HostedCore & {
  /** Sessions that called, in order: `host/actor`. */
  readonly callers: string[];
  readonly locks: string[];
  readonly restored: number[];
  close(): Promise<void>;
  readonly state: { closed: boolean };
};

export function fakeCore(): FakeCore {
  const os = createImplementer({ logger: silentLogger, onPresence: () => {} });
  const callers: string[] = [];
  const locks: string[] = [];
  const restored: number[] = [];
  const state = { closed: false };
  const router = {
    system: {
      health: os.system.health.handler(() => {
        throw new ConsoleError('internal/unexpected');
      }),
      about: os.system.about.handler(({ context }) => ({
        version: '1.2.3',
        host: context.session.host,
        dataDirectory: '/data',
      })),
      watch: os.system.watch.handler(async function* () {
        yield { changed: 'vault' as const };
        yield { changed: 'plants' as const };
      }),
    },
    vault: {
      get: os.vault.get.handler(({ context }) => {
        callers.push(`${context.session.host}/${context.session.actor}`);
        return { state: 'locked' as const };
      }),
      unlock: os.vault.unlock.handler(({ input }) => {
        if (input.passphrase !== fakePassphrase) throw new ConsoleError('vault/wrong-passphrase');
        return { state: 'unlocked' as const };
      }),
      lock: os.vault.lock.handler(() => {
        throw new TypeError('a bug that knows a secret');
      }),
      restore: os.vault.restore.handler(({ input }) => {
        restored.push(input.backup.size);
        return { state: 'unlocked' as const };
      }),
    },
    authority: {
      certificateFile: os.authority.certificateFile.handler(
        () => new File(['-----BEGIN CERTIFICATE-----\n'], 'ca.crt', { type: 'application/x-pem-file' }),
      ),
    },
    plants: {
      create: os.plants.create.handler(({ input }) => ({
        ...plant,
        name: input.name,
        plantId: plant.plantId as never,
      })),
      get: os.plants.get.handler(() => {
        throw new ConsoleError('plant/not-found', { details: { asked: true } });
      }),
      delete: os.plants.delete.handler(() => undefined),
      download: os.plants.download.handler(() => ({
        headers: { 'content-disposition': 'attachment; filename="plant.json"' },
        body: provisioningPackage,
      })),
    },
  };
  return {
    // Only what the tests call is there.
    router: router as unknown as HostedCore['router'],
    lock: (reason) => void locks.push(reason),
    close: async () => {
      state.closed = true;
    },
    callers,
    locks,
    restored,
    state,
  };
}

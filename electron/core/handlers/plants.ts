import { checkImport } from '../../operations/check-import.ts';
import {
  activatePlant,
  downloadPackage,
  provisionPlant,
  revokePlant,
  rotatePlant,
  takeRevocationBack,
} from '../../operations/credential-lifecycle.ts';
import { confirmHostKey, readHostKey } from '../../operations/device-access.ts';
import { getDevice, putDevice, viewDevice } from '../../operations/devices.ts';
import { exportCredential } from '../../operations/export-credential.ts';
import { importPlants, importSteps } from '../../operations/import-plants.ts';
import { issueOptionsOf } from '../../operations/issue-options.ts';
import { issuePlantToken } from '../../operations/plant-tokens.ts';
import { addPlant, deletePlant, getPlant, listCredentials, listPlants, updatePlant } from '../../operations/plants.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { ContextOf } from '../operation-context.ts';
import { presenceOf } from '../plant-presence.ts';
import type { Reservations } from '../reservations.ts';
import { fileOf } from './file-of.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly brokers: LiveBrokers;
  readonly deployments: Reservations;
  readonly jobs: Jobs;
};

export function plantsHandlers({ plants }: Implementer, { contextOf, brokers, deployments, jobs }: Parts) {
  return {
    create: plants.create.handler(({ input, context }) => addPlant(contextOf(context), input)),
    previewImport: plants.previewImport.handler(
      async ({ input, context }) => (await checkImport(contextOf(context), input.csv)).preview,
    ),
    import: plants.import.handler(({ input: { csv, issue }, context }) => {
      const operation = contextOf(context);
      return {
        jobId: jobs.start('import', 'Plants', importSteps(issue !== undefined), (step) =>
          importPlants(operation, csv, issue, step),
        ),
      };
    }),
    list: plants.list.handler(({ input, context }) => listPlants(contextOf(context), input)),
    get: plants.get.handler(({ input, context }) => getPlant(contextOf(context), input.plantId)),
    presence: plants.presence.handler(({ input, context }) => presenceOf(contextOf(context), brokers, input.plantId)),
    update: plants.update.handler(({ input: { plantId, ...change }, context }) =>
      updatePlant(contextOf(context), plantId, change),
    ),
    delete: plants.delete.handler(({ input, context }) => deletePlant(contextOf(context), input.plantId)),
    credentials: plants.credentials.handler(({ input, context }) => listCredentials(contextOf(context), input.plantId)),
    // What is being carried to a device must not be replaced or handed out meanwhile.
    provision: plants.provision.handler(async ({ input: { plantId, ...wishes }, context }) => {
      deployments.assertFree(plantId);
      const operation = contextOf(context);
      return provisionPlant(operation, plantId, await issueOptionsOf(operation, plantId, wishes));
    }),
    rotate: plants.rotate.handler(async ({ input: { plantId, ...wishes }, context }) => {
      deployments.assertFree(plantId);
      const operation = contextOf(context);
      return rotatePlant(operation, plantId, await issueOptionsOf(operation, plantId, wishes));
    }),
    exportCredential: plants.exportCredential.handler(async ({ input: { plantId, format, password }, context }) => {
      deployments.assertFree(plantId);
      return fileOf(await exportCredential(contextOf(context), plantId, format, password));
    }),
    download: plants.download.handler(({ input, context }) => {
      deployments.assertFree(input.plantId);
      return {
        headers: { 'content-disposition': `attachment; filename="provisioning-${input.plantId}.json"` },
        body: downloadPackage(contextOf(context), input.plantId),
      };
    }),
    issueToken: plants.issueToken.handler(({ input, context }) =>
      issuePlantToken(contextOf(context), input.plantId, input.ttlSeconds),
    ),
    // It retires the older credential, which a deployment may be about to put back.
    activate: plants.activate.handler(({ input, context }) => {
      deployments.assertFree(input.plantId);
      return activatePlant(contextOf(context), input.plantId, 'operator');
    }),
    revoke: plants.revoke.handler(({ input, context }) => revokePlant(contextOf(context), input.plantId, input)),
    takeRevocationBack: plants.takeRevocationBack.handler(({ input, context }) =>
      takeRevocationBack(contextOf(context), input.plantId),
    ),
    getDevice: plants.getDevice.handler(({ input, context }) => getDevice(contextOf(context), input.plantId)),
    putDevice: plants.putDevice.handler(({ input: { plantId, device }, context }) => {
      // What was brought to one place is put back in the same.
      deployments.assertFree(plantId);
      const operation = contextOf(context);
      putDevice(operation, plantId, device);
      return viewDevice(operation, plantId);
    }),
    fetchHostKey: plants.fetchHostKey.handler(({ input, context }) =>
      readHostKey(contextOf(context), input.plantId, input.role),
    ),
    confirmHostKey: plants.confirmHostKey.handler(({ input: { plantId, role, fingerprint }, context }) => {
      const operation = contextOf(context);
      confirmHostKey(operation, plantId, role, fingerprint);
      return viewDevice(operation, plantId);
    }),
  };
}

// One click to a plant that speaks: everything an engineer does on site, on built-in parts.
// It uses the same operations as the real thing, so it also shows whether they work on this machine.

import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { authorityDefaults } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { AuthMethod, Plant } from '../../shared/model/plant.ts';
import { freePorts } from '../platform/free-port.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { establishAuthority } from './authority.ts';
import { addBroker } from './brokers.ts';
import { audit, type OperationContext } from './context.ts';
import { activatePlant, provisionPlant, rotatePlant } from './credential-lifecycle.ts';
import { deployPlant } from './deploy.ts';
import { addPlant, getPlant, listPlants } from './plants.ts';
import type { PracticeFleet } from './practice-fleet.ts';
import { pushBroker } from './push.ts';
import type { StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const practiceSteps = 9;

/** All practice plants are at this site; by it they are found again. */
export const practiceSite = 'Practice';

const practicePlants: readonly { readonly name: string; readonly authMethod: AuthMethod }[] = [
  { name: 'Practice cabinet (certificate)', authMethod: 'MTLS' },
  { name: 'Practice cabinet (password)', authMethod: 'PASSWORD' },
  { name: 'Practice cabinet (token)', authMethod: 'TOKEN' },
];

type Parts = {
  readonly fleet: PracticeFleet;
  readonly brokers: {
    target(row: BrokerRow): ManagedBroker;
    reserve(brokerId: string): () => void;
  };
  /** Lets the monitor connect, so that the plants are seen. */
  readonly listen: (broker: BrokerRow) => Promise<unknown>;
  readonly step: StepRunner;
};

const quietly: StepRunner = (_name, work) => work();

/** Makes what is missing of the practice plant and starts all of it. Running it again deploys fresh credentials. */
export async function startPracticePlant(context: OperationContext, parts: Parts): Promise<void> {
  const { fleet, brokers, step } = parts;
  await step('Certificate authority', async () => {
    if (!context.vault.authorities.current()) await establishAuthority(context, authorityDefaults);
  });
  const broker = await step('Practice broker', () => findOrAddBroker(context));
  fleet.attachTo(broker.brokerId);
  const plants = await step('Three plants', async () =>
    practicePlants.map((wanted) => findOrAddPlant(context, wanted)),
  );
  await step('Provision and deploy over SSH', async () => {
    for (const { plantId } of plants) {
      const plant = getPlant(context, plantId);
      await fleet.addDevice(context, plant);
      if (plant.status === 'ACTIVE') await rotatePlant(context, plantId, broker);
      else await provisionPlant(context, plantId, broker);
      await deployPlant(context, plantId, quietly);
    }
  });
  await step('Push to the broker', async () => {
    const release = brokers.reserve(broker.brokerId);
    try {
      await pushBroker(context, broker.brokerId, brokers.target(broker), quietly);
    } finally {
      release();
    }
  });
  await step('Listen to it', () => parts.listen(broker));
  for (const { plantId, name } of plants) {
    await step(`${name} connects`, async () => {
      const { plc } = await fleet.startPlc(plantId);
      if (plc.state !== 'connected') {
        throw new ConsoleError('monitor/refused', { because: plc.reason ?? plc.state, details: { plantId } });
      }
      await activatePlant(context, plantId, 'session');
    });
  }
}

/** Remembers, and writes down, whether the practice broker asks the policy from now on. */
export function notePolicyAsked(context: OperationContext, fleet: PracticeFleet, asked: boolean): void {
  fleet.setAsksPolicy(asked);
  audit(context, 'practice.ask-policy', practiceSite, { asked });
}

async function findOrAddBroker(context: OperationContext): Promise<BrokerRow> {
  const known = context.vault.brokers.list().find(({ target }) => target.kind === 'practice');
  if (known) return known;
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  return addBroker(context, {
    name: 'Practice broker',
    target: { kind: 'practice' },
    host: 'localhost',
    subjectAltNames: ['127.0.0.1'],
    profile: 'voke',
    ports: { mtls, password, token },
  });
}

function findOrAddPlant(
  context: OperationContext,
  { name, authMethod }: (typeof practicePlants)[number],
): Pick<Plant, 'plantId' | 'name'> {
  const known = listPlants(context, { authMethod, query: practiceSite }).items.find(
    (plant) => plant.site === practiceSite && plant.name === name,
  );
  return known ?? addPlant(context, { name, site: practiceSite, authMethod });
}

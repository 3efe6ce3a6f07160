// A console in a process of its own that pushes once, revokes a plant, pushes again, and is killed right before a step
// of that second push. Arguments: data folder, broker, plant to revoke, the step's name.

import { LiveBrokers } from '../../electron/core/live-brokers.ts';
import { requireBroker } from '../../electron/operations/brokers.ts';
import { revokePlant } from '../../electron/operations/credential-lifecycle.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { contextOver, openVaultOf } from './push-scene.ts';

const [dataDirectory = '', brokerId = '', plantId = '', deadlyStep = ''] = process.argv.slice(2);
const { vault } = await openVaultOf(dataDirectory);
const context = contextOver(vault);
const brokers = new LiveBrokers({ dataDirectory, clock: systemClock });
const target = brokers.target(requireBroker(context, brokerId), vault.brokers.targetSecret(brokerId));

const quietly: StepRunner = (_name, work) => work();
const untilDeath: StepRunner = (name, work) => {
  if (name === deadlyStep) process.kill(process.pid, 'SIGKILL');
  return work();
};

await pushBroker(context, brokerId, target, quietly);
process.stdout.write('pushed\n');
await revokePlant(context, plantIdSchema.parse(plantId), { reason: 'keyCompromise' });
await pushBroker(context, brokerId, target, untilDeath);
process.stdout.write('survived\n');
process.exit(0);

// npm run demo -- [--json] [--broker practice|process|docker] [--jwt-plugin PATH]
//                 [--docker-socket PATH] [--docker-image NAME]
//                 [--device ssh://user@host:port/directory [--device-key FILE]]
// The main job on the practice plant, in a temporary vault that is removed afterwards. Exit status 1 when a step fails.
// `--broker docker` without a socket and an image takes the machine's engine, or one of its own where that has no image.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import { ConsoleCore } from '../electron/core/console.ts';
import { silentLogger } from '../electron/platform/log.ts';
import { defaultImage } from '../shared/model/broker.ts';
import { Checklist } from './demo/checklist.ts';
import { type DemoBroker, dockerBroker } from './demo/docker-broker.ts';
import { canStartEngine, privateDockerBroker } from './demo/private-engine.ts';
import { findRealDevice, runOnRealDevice } from './demo/real-device.ts';
import { runDemo } from './demo/run-demo.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    broker: { type: 'string', default: 'practice' },
    'jwt-plugin': { type: 'string' },
    'docker-socket': { type: 'string' },
    'docker-image': { type: 'string' },
    device: { type: 'string' },
    'device-key': { type: 'string' },
  },
});

const brokers: Readonly<Record<string, () => Promise<DemoBroker>>> = {
  practice: async () => ({ target: { kind: 'practice' }, remove: async () => {} }),
  process: async () => ({ target: { kind: 'process' }, remove: async () => {} }),
  docker: findDocker,
};
const findBroker = Object.hasOwn(brokers, values.broker) ? brokers[values.broker] : undefined;
if (!findBroker) {
  process.stderr.write(`There is no broker "${values.broker}" for the demo. Use practice, process or docker.\n`);
  process.exit(2);
}

async function findDocker(): Promise<DemoBroker> {
  const { 'docker-socket': socket, 'docker-image': image } = values;
  const isNamed = socket !== undefined || image !== undefined;
  try {
    return await dockerBroker({
      socketPath: resolve(socket ?? '/var/run/docker.sock'),
      image: image ?? defaultImage,
    });
  } catch (error) {
    if (isNamed || !canStartEngine()) throw error;
    return await privateDockerBroker();
  }
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'voke-demo-'));
const core = new ConsoleCore({
  dataDirectory,
  version: 'demo',
  logger: silentLogger,
  ...(values['jwt-plugin'] && { jwtPlugin: resolve(values['jwt-plugin']) }),
});
const checklist = new Checklist((line) => console.log(line));
let broker: DemoBroker | undefined;
try {
  const session = { sessionId: 'demo', actor: 'demo', host: 'memory' } as const;
  broker = await checklist.step('Find the broker', findBroker);
  const client = createRouterClient(core.router, { context: { session } });
  const { device: address, 'device-key': keyFile } = values;
  // Before anything is done: an address that is none shall not cost a whole demo.
  const device =
    address === undefined ? undefined : await checklist.step('Find the device', () => findRealDevice(address, keyFile));
  const { brokerId } = await runDemo(client, checklist, broker.target);
  if (device) await runOnRealDevice(client, checklist, device, brokerId);
} catch {
  // The checklist has printed the step that failed; what comes after it cannot be tried.
  process.exitCode = 1;
} finally {
  await core.close();
  await broker?.remove();
  await rm(dataDirectory, { recursive: true, force: true });
}
const ok = process.exitCode !== 1 && checklist.ok;
if (values.json) console.log(JSON.stringify({ ok, steps: checklist.results }));
else console.log(ok ? 'All steps succeeded.' : 'The demo failed.');

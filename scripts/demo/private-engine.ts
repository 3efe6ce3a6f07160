// Where no Docker engine runs, or none with an image of Mosquitto, the demo starts one of its own for the time it takes,
// with an image of this machine's mosquitto. That needs root and Debian's docker.io: it is what the tests do.

import { defaultImage } from '../../shared/model/broker.ts';
import { dockerPrograms, startDockerEngine } from '../../test/support/docker-engine.ts';
import { findProgram } from '../../test/support/requirements.ts';
import { type DemoBroker, dockerBroker } from './docker-broker.ts';

export const canStartEngine = (): boolean =>
  process.getuid?.() === 0 && dockerPrograms.every((name) => findProgram(name) !== undefined);

/** The engine ends with the demo. */
export async function privateDockerBroker(): Promise<DemoBroker> {
  const engine = await startDockerEngine();
  try {
    await engine.importMosquitto(defaultImage);
    const { target } = await dockerBroker({ socketPath: engine.socketPath, image: defaultImage });
    return { target, remove: () => engine.stop() };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

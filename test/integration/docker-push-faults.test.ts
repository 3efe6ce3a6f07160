// What may go wrong between the steps of a push to a broker in a container: the same as elsewhere, and a full disk.

import { chown, mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DockerTarget } from '../../electron/broker/targets/docker/target.ts';
import { dockerTargetSchema, localPorts } from '../../shared/model/broker.ts';
import type { OpenPlace } from '../support/broker-places.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { run } from '../support/processes.ts';
import { itSurvivesPushFaults } from '../support/push-faults.ts';
import { knock, onlyTheRightOnes, whoGetsIn } from '../support/push-scene.ts';
import { failureOf, type PushTrial, startPushTrial } from '../support/push-trial.ts';
import { describeWith } from '../support/requirements.ts';

const container = 'cpi-mosquitto';
const image = 'eclipse-mosquitto:2';

describeWith(...dockerPrograms, 'mount')('a push to a broker', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto(image);
  });
  afterAll(() => engine.stop());

  /** `directory`: where this machine has what the container has as its configuration. */
  const placeAt = (directory: string): ReturnType<OpenPlace> => {
    const settings = dockerTargetSchema.parse({
      kind: 'docker',
      engine: { kind: 'socket', path: engine.socketPath },
      create: { image, network: 'host' },
    });
    return Promise.resolve({
      // On the host's network the ports are those of the configuration.
      target: () => new DockerTarget({ settings, ports: localPorts }),
      staged: (name) => join(directory, '.voke', 'push', 'staged', name),
      live: (name) => join(directory, name),
      // By the engine's own kill: after any other end the engine starts it again by itself.
      kill: () => engine.docker.getContainer(container).kill(),
      remove: () => engine.clear(),
    });
  };

  describe('in a container', () => {
    itSurvivesPushFaults(() => placeAt(engine.volumePath(`${container}-config`)));
  });

  describe('in a container with a small disk', () => {
    let directory: string;
    let trial: PushTrial;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'voke-small-container-'));
      await run('mount', ['-t', 'tmpfs', '-o', 'size=512k,mode=700', 'tmpfs', directory]);
      await chown(directory, 1883, 1883);
      await engine.docker.createContainer({
        name: container,
        Image: image,
        HostConfig: {
          NetworkMode: 'host',
          Binds: [`${directory}:/mosquitto/config`],
          RestartPolicy: { Name: 'always' },
        },
      });
      trial = await startPushTrial(() => placeAt(directory));
    });
    afterEach(async () => {
      await trial.remove();
      await run('umount', [directory]);
      await rm(directory, { recursive: true, force: true });
    });

    const filler = () => join(directory, 'filler');
    const fill = async () => {
      await run('sh', ['-c', `cat /dev/zero >${filler()} 2>/dev/null || true`]);
    };
    const makeRoom = () => rm(filler());

    it('stops before anything is touched when the disk is full already', async () => {
      await fill();
      const failure = await failureOf(trial.push());
      expect(failure.code).toBe('broker/disk-full');
      expect(await trial.place.target().unfinished()).toBeUndefined();
      await trial.expectUndone(failure, makeRoom);
    });

    it('goes back when the disk fills while the files are laid beside the live ones', async () => {
      await fill();
      await truncate(filler(), (await stat(filler())).size - 24 * 1024);
      const failure = await failureOf(trial.push());
      expect(failure.code).toBe('broker/disk-full');
      await trial.expectUndone(failure, makeRoom);
    });

    it.each(['staged', 'swapped', 'effective'] as const)('needs no more room once the files are %s', async (step) => {
      await trial.push({ [step]: fill });
      const { scene } = trial;
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
      await makeRoom();
      await trial.push();
      expect(await trial.place.target().unfinished()).toBeUndefined();
      expect([await whoGetsIn(scene), await knock(scene.revoked)]).toEqual([onlyTheRightOnes, 'refused']);
    });
  });
});

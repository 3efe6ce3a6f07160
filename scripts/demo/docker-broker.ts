// The demo's own container: made by its push, removed with its volumes afterwards. Nothing is fetched: the image must be
// on the engine.

import { DockerEngine } from '../../electron/broker/targets/docker/engine.ts';
import { randomHex } from '../../electron/platform/random.ts';
import { type BrokerTarget, dockerTargetSchema } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';

export type DemoBroker = { readonly target: BrokerTarget; remove(): Promise<void> };

/** Throws `broker/engine-*` when the engine cannot be asked, `broker/image-missing` when it does not have the image. */
export async function dockerBroker({ socketPath, image }: { socketPath: string; image: string }): Promise<DemoBroker> {
  const address = { kind: 'socket', path: socketPath } as const;
  const engine = new DockerEngine(address);
  const networks = await engine.call((docker) => docker.listNetworks());
  if (!(await engine.find((docker) => docker.getImage(image).inspect()))) {
    throw new ConsoleError('broker/image-missing', { details: { image } });
  }
  const hasBridge = networks.some(({ Driver }) => Driver === 'bridge');
  const name = `voke-demo-${randomHex(4)}`;
  return {
    target: dockerTargetSchema.parse({
      kind: 'docker',
      engine: address,
      container: { by: 'name', name },
      create: { image, network: hasBridge ? 'published' : 'host' },
    }),
    async remove() {
      await engine.find((docker) => docker.getContainer(name).remove({ force: true, v: true }));
      for (const volume of [`${name}-config`, `${name}-data`]) {
        await engine.find((docker) => docker.getVolume(volume).remove());
      }
    },
  };
}

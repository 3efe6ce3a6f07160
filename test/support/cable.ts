// A device behind a cable: a network namespace with one end of a virtual cable. Pulled, it swallows every packet both
// ways and nobody is told, as where the break lies behind a switch. Needs root rights and `ip` (Debian: iproute2).

import { randomBytes, randomInt } from 'node:crypto';
import { run } from './processes.ts';
import { programPath } from './requirements.ts';

export type Cable = {
  /** Where the device is reached. */
  readonly host: string;
  /** How a program is started at the device's end: a program and its first arguments. */
  readonly there: readonly [string, ...string[]];
  readonly pull: () => Promise<void>;
  readonly plug: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const nobody = '02:00:00:00:00:00';

export async function layCable(): Promise<Cable> {
  const ip = programPath('ip');
  const name = `vk${randomBytes(4).toString('hex')}`;
  const [here, there] = [`${name}a`, `${name}b`];
  // RFC 2544's network for tests of equipment; several cables lie at once.
  const [net, first] = [`198.${18 + randomInt(2)}.${randomInt(256)}`, 4 * randomInt(64)];
  const [near, far] = [`${net}.${first + 1}`, `${net}.${first + 2}`];
  const inside = ['netns', 'exec', name, ip] as const;
  await run(ip, ['netns', 'add', name]);
  await run(ip, ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name]);
  await run(ip, ['address', 'add', `${near}/30`, 'dev', here]);
  await run(ip, ['link', 'set', here, 'up']);
  await run(ip, [...inside, 'address', 'add', `${far}/30`, 'dev', there]);
  await run(ip, [...inside, 'link', 'set', there, 'up']);
  await run(ip, [...inside, 'link', 'set', 'lo', 'up']);
  return {
    host: far,
    there: [ip, 'netns', 'exec', name],
    // Each end sends to a card that is not there.
    pull: async () => {
      await run(ip, ['neighbour', 'replace', far, 'lladdr', nobody, 'dev', here, 'nud', 'permanent']);
      await run(ip, [...inside, 'neighbour', 'replace', near, 'lladdr', nobody, 'dev', there, 'nud', 'permanent']);
    },
    plug: async () => {
      await run(ip, ['neighbour', 'delete', far, 'dev', here]);
      await run(ip, [...inside, 'neighbour', 'delete', near, 'dev', there]);
    },
    // Its end of the cable goes with it.
    remove: async () => {
      await run(ip, ['netns', 'delete', name]);
    },
  };
}

// The `plantops` profile: a password file for everybody, MQTT and MQTT over WebSockets, no TLS, no ACL. For a broker on
// a network of its own; whoever has any password there reads and writes everything.
// - The password file is there from the start, empty when nobody is registered yet: without it the broker does not run.
// - One set of security options holds for both listeners.
// - The log goes to stderr. To stdout, where it lands beside it in a container, Mosquitto writes it by the block when no
//   terminal is there: an error of a reload would be read minutes later.

import { type PlantopsPorts, plantopsPorts } from '../../../shared/model/broker.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { renderConf } from '../../../shared/model/mosquitto/conf-text.ts';
import { type PasswordEntry, renderPasswd } from '../../../shared/model/mosquitto/passwd.ts';
import { fileNames } from '../file-names.ts';
import { anonymousOption, brokerFile, heading, pathIn, type RenderedProfile } from './profile.ts';

export type PlantopsProfileInput = {
  readonly line: BrokerLine;
  /** Absolute path on the broker's machine; `/mosquitto/config` in the image. */
  readonly configDirectory: string;
  /** Undefined: all addresses. */
  readonly bindAddress?: string | undefined;
  readonly ports?: PlantopsPorts;
  /** Who a broker that is started as root becomes; null leaves it to Mosquitto. */
  readonly account: string | null;
  /** Where Mosquitto writes its process id; undefined: nowhere. */
  readonly pidFile?: string | undefined;
  readonly passwordUsers: readonly PasswordEntry[];
};

/** The files of the `plantops` profile. Throws RangeError for a name that cannot stand in them. */
export function renderPlantopsProfile(input: PlantopsProfileInput): RenderedProfile {
  const { ports = plantopsPorts, line } = input;
  const address = input.bindAddress ?? null;
  const ofListener = line === '2.1' ? [anonymousOption(line)] : [];
  const conf = renderConf(
    {
      options: [
        ...(input.account === null ? [] : [{ keyword: 'user', value: input.account }]),
        ...(input.pidFile === undefined ? [] : [{ keyword: 'pid_file', value: input.pidFile }]),
        { keyword: 'allow_anonymous', value: 'false' },
        { keyword: 'password_file', value: pathIn(input.configDirectory, fileNames.sitePasswords) },
        { keyword: 'log_dest', value: 'stderr' },
        { keyword: 'log_type', value: 'all' },
      ],
      plugins: [],
      listeners: [
        { port: ports.mqtt, address, options: ofListener, plugins: [] },
        {
          port: ports.webSockets,
          address,
          options: [{ keyword: 'protocol', value: 'websockets' }, ...ofListener],
          plugins: [],
        },
      ],
      bridges: [],
    },
    heading,
  );
  return {
    files: [brokerFile(fileNames.conf, conf), brokerFile(fileNames.sitePasswords, renderPasswd(input.passwordUsers))],
    notices: [
      `The listeners on ports ${ports.mqtt} and ${ports.webSockets} are not encrypted, and every user reads and writes every topic. Use this profile on a network of its own only.`,
    ],
  };
}

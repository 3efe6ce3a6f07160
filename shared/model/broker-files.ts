// A broker as those who push to it see it: the files it runs on, and the few things that can be done with it.
// Every target (a local process, the practice broker) has this shape, so that a push does not care which it is.

import type { BrokerState, PushPlan } from './broker.ts';
import type { BrokerLine } from './mosquitto/conf-options.ts';

export type BrokerFile = {
  /** Name below the configuration directory, without a path. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  /** Never shown, not even in a diff. */
  readonly secret: boolean;
};
export type BrokerFiles = readonly BrokerFile[];

/** What must happen so that changed files take effect. */
export type PushNeed = PushPlan['needs'];

export type BrokerDescription = {
  readonly state: BrokerState;
  /** Such as `2.0.11`. */
  readonly version: string;
  readonly line: BrokerLine;
  /** Absolute; the paths in mosquitto.conf lie below it. */
  readonly configDirectory: string;
  /** Path of the plugin for the token listener; null where it cannot be had. */
  readonly jwtPlugin: string | null;
  /** The account the broker must run as to read its files; null leaves it to the broker. */
  readonly account: string | null;
  /** What an operator must know about this version. */
  readonly notices: readonly string[];
};

/** One MQTT client that is connected now. */
export type BrokerSession = {
  readonly clientId: string;
  readonly username: string;
  /** ISO 8601. */
  readonly connectedAt: string;
};

export type ManagedBroker = {
  describe(): Promise<BrokerDescription>;
  /** The files in force, or undefined before the first push. */
  current(): Promise<BrokerFiles | undefined>;
  /**
   * Puts the files in force, all of them or none, and starts the broker when it does not run.
   * When it throws, what was in force before is in force again.
   * @throws `broker/port-busy`, `broker/start-failed`, `broker/mosquitto-missing`
   */
  apply(files: BrokerFiles, needs: PushNeed): Promise<void>;
  /**
   * Undoes the last `apply`: the files before it are in force again. Before the first push there were none,
   * so then the broker is stopped and its files are taken away.
   */
  rollback(): Promise<void>;
  stop(): Promise<void>;
  /** The last lines of its log, without secrets. */
  log(): readonly string[];
  /** Where the broker can tell who is connected. */
  sessions?(): readonly BrokerSession[];
};

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
  /** Where the broker must write its process id, because it is known by that file. */
  readonly pidFile?: string | undefined;
  /** What an operator must know about this version. */
  readonly notices: readonly string[];
};

/** One MQTT client that is connected now. */
export type BrokerSession = {
  readonly clientId: string;
  readonly username: string;
  /** ISO 8601; null where the broker does not say. */
  readonly connectedAt: string | null;
};

/** How far a push has come. */
export const pushProgress = ['opened', 'staged', 'swapped', 'in-effect'] as const;
export type PushProgress = (typeof pushProgress)[number];

/** What stands on the broker's side while a push is under way, so that another console sees whose it is. */
export type PushMark = {
  readonly pushId: string;
  /** Who, on which machine, in words. */
  readonly startedBy: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly step: PushProgress;
};

/** A push as a target sees it: staged, swapped, put into effect, then kept or undone. */
export type BrokerPush = {
  /**
   * Writes the files beside the live ones and reads their hashes back. Nothing is in force yet.
   * @throws `broker/port-busy`, `broker/hash-mismatch`, `broker/disk-full`, `broker/not-writable`
   */
  stage(files: BrokerFiles): Promise<void>;
  /**
   * Makes the staged files the live ones, all of them or none; the previous set is kept. Hashes are verified once more
   * just before: what was damaged meanwhile never gets in.
   * @throws `broker/hash-mismatch`
   */
  swap(): Promise<void>;
  /**
   * Lets the broker read them (nothing, SIGHUP, restart) and waits until it has. A broker that does not run is started.
   * @throws `broker/start-failed` with what its log says
   */
  takeEffect(needs: PushNeed): Promise<void>;
  /** The files stay; the broker is free for the next push. */
  keep(): Promise<void>;
  /**
   * The previous set is live and in effect again, whatever step the push had reached; a broker that did not run before
   * does not run after. Idempotent: when it throws, the push is still unfinished and can be undone again.
   */
  undo(): Promise<void>;
};

/** A set of files that was in force before the present one. */
export type Generation = {
  /** The push that wrote it; a set that was found on the broker has an id of its own. */
  readonly generationId: string;
  /** ISO 8601. */
  readonly writtenAt: string;
};

export type ManagedBroker = {
  describe(): Promise<BrokerDescription>;
  /**
   * The files in force, or undefined before the first push. Files of somebody else count where they stand in the way:
   * in the managed directory, under a name that a profile uses.
   */
  current(): Promise<BrokerFiles | undefined>;
  /**
   * Begins a push. Its mark lives on the broker's side and is made as one step.
   * @throws `broker/push-in-progress` naming who and since when, also for a push of another console
   */
  open(mark: Omit<PushMark, 'step'>): Promise<BrokerPush>;
  /** A push that was neither kept nor undone: its console died, or is still at it. */
  unfinished(): Promise<PushMark | undefined>;
  /** Takes an unfinished push over, to undo or to finish it. @throws `broker/no-such-push` */
  adopt(pushId: string): Promise<BrokerPush>;
  /** The sets to go back to, the newest first; the one in force is not among them. */
  generations(): Promise<readonly Generation[]>;
  /** @throws `broker/no-such-generation` */
  readGeneration(generationId: string): Promise<BrokerFiles>;
  stop(): Promise<void>;
  /** The console closes or forgets the broker: what lives with the console ends, a broker with a life of its own goes on. */
  release(): Promise<void>;
  /** The last lines of its log, without secrets. */
  log(): Promise<readonly string[]>;
  /** The last lines of its log that are not about messages, which would leave no room for them; without secrets. */
  eventLog(): Promise<readonly string[]>;
  /** Who is connected; undefined where the broker cannot tell. Left out: it never can. */
  sessions?(): Promise<readonly BrokerSession[] | undefined>;
};

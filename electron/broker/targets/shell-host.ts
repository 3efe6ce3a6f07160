// What a broker that is reached through a shell needs of the way to it: an SSH session, or a container's exec.

import type { ScriptResult } from '../../remote/session.ts';

export type ShellHost = {
  /**
   * Runs a POSIX script as somebody who may write the configuration; everything travels on standard input, nothing in
   * argv. A script that fails is no error: look at `exitCode`, null when a signal ended it. `outputCap`: bytes of
   * standard output that are kept, when an answer may be larger than usual.
   */
  run(script: string, options: { readonly timeoutMs: number; readonly outputCap?: number }): Promise<ScriptResult>;
};

/** Lines of a log to look for. */
export type LogSearch = {
  /** An extended regular expression of POSIX. */
  readonly pattern: string;
  /** Lines that match it, or all others. */
  readonly wants: 'matching' | 'others';
  /** How many of the last lines are looked through, at most. */
  readonly within: number;
  /** How many of those found are wanted: the newest. */
  readonly lines: number;
};

/** How the broker's process is asked and told. Every call throws what the way to it throws. */
export type BrokerControl = {
  /** What `mosquitto -h` prints. */
  version(): Promise<string>;
  isRunning(): Promise<boolean>;
  /** SIGHUP; does not wait until the broker has reread its files. */
  reload(): Promise<void>;
  /** Ends it when it runs, and starts it. Throws `broker/start-failed`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** The last lines of its log, oldest first; empty where it cannot be had. */
  log(lines: number): Promise<readonly string[]>;
  /** As `log`, only what is looked for. */
  search(search: LogSearch): Promise<readonly string[]>;
};

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
  /** As `log`, of all that it wrote, as far back as can be had, only lines that match an extended regular expression. */
  search(pattern: string, lines: number): Promise<readonly string[]>;
};

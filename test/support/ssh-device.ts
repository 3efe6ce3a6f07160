import type { RemoteAuthentication } from '../../electron/remote/connect.ts';

/** A real SSH server that a test deploys to. */
export type SshDevice = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: RemoteAuthentication;
  /** As `ssh-keygen -lf` prints it after `SHA256:`. */
  readonly fingerprint: string;
  /** A directory of the device that the login may write to. */
  readonly base: string;
  /** Where a path of the device lies on this machine. */
  readonly locally: (path: string) => string;
  /** A program of the device that scripts find first from now on: a shell script, which may call `real`. */
  readonly standIn?: (name: string, script: (real: string) => string) => Promise<void>;
  /** Kills the server and everything it started at once, and starts it anew. */
  readonly reboot?: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** `256 SHA256:abc comment (ED25519)` -> `abc`. */
export function fingerprintOf(line: string): string {
  const fingerprint = /SHA256:([A-Za-z0-9+/]{43})/.exec(line)?.[1];
  if (fingerprint === undefined) throw new Error(`no fingerprint in ${line}`);
  return fingerprint;
}

import type { ScriptResult } from '../remote/session.ts';

/** What the scripts of this room need of a device: somebody who runs them there. */
export type DeviceShell = {
  run(script: string, options: { readonly timeoutMs: number }): Promise<ScriptResult>;
};

import type { DeviceFile } from '../../shared/model/device.ts';
import type { Deployment } from './deploy.ts';
import type { Mended } from './mend.ts';
import type { Observation } from './preflight.ts';
import type { DeviceState } from './read-state.ts';

/**
 * A device that the console is logged in to, by whichever transport. The functions of the same names say what each does
 * and throws; one that needs a shell throws `device/no-shell` where there is none.
 */
export type DeviceLink = {
  observe(directory: string, names: readonly string[], owner: string | null): Promise<Observation>;
  readState(directory: string, names: readonly string[]): Promise<DeviceState>;
  deploy(deployment: Deployment): Promise<{ files: DeviceFile[] }>;
  rollback(directory: string, names: readonly string[]): Promise<{ files: DeviceFile[] }>;
  mend(directory: string, names: readonly string[]): Promise<Mended>;
  restartClient(directory: string, command: string): Promise<void>;
  /** Answers with the time that the device tells afterwards. */
  setClock(time: Date): Promise<Date>;
};

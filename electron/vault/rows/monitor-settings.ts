import type { MonitorSettings } from '../../../shared/model/monitor-settings.ts';

/** How each broker was last listened to; goes with the broker. */
export type MonitorSettingsTable = {
  get(brokerId: string): MonitorSettings | undefined;
  /** Throws `broker/not-found`. */
  put(brokerId: string, settings: MonitorSettings): void;
};

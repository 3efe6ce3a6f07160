import type { Alert, AlertRule } from '../../../shared/model/alert.ts';
import type { Timestamp } from './timestamp.ts';

export type AlertRuleTable = {
  /** By name. */
  list(): AlertRule[];
  get(ruleId: string): AlertRule | undefined;
  /** Anew, or in the place of the one with this id. */
  put(rule: AlertRule): void;
  /** Throws `alert/rule-not-found`. */
  delete(ruleId: string): void;
};

/** A log of what was raised; it outlives rules, plants and brokers. */
export type AlertRow = Alert;

export type AlertTable = {
  /** Open ones first, then those that nobody has acknowledged; each by when they were last told of, newest first. */
  list(limit: number): AlertRow[];
  /** Of all, in the order of `list`. */
  ids(): string[];
  /** Those without an end. */
  open(): AlertRow[];
  get(alertId: string): AlertRow | undefined;
  /** The newest of a rule about a subject at a broker, open or ended. */
  latest(ruleId: string, brokerId: string | null, subject: string): AlertRow | undefined;
  /** `current`: open, or acknowledged by nobody. */
  counts(): {
    readonly total: number;
    readonly open: number;
    readonly unacknowledged: number;
    readonly current: number;
  };
  /** Those that nobody has acknowledged and that were last told of at or before this moment. */
  unacknowledged(until: Timestamp, limit: number): AlertRow[];
  /** Anew, or in the place of the one with this id. */
  put(row: AlertRow): void;
  /** Deletes ended ones, the oldest first, until `keep` rows are left. */
  prune(keep: number): void;
};

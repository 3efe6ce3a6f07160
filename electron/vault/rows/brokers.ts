import type { BrokerListeners, BrokerTarget } from '../../../shared/model/broker.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

export type BrokerRow = Readonly<BrokerListeners> & {
  readonly brokerId: string;
  readonly name: string;
  readonly target: BrokerTarget;
  readonly host: string;
  readonly subjectAltNames: readonly string[];
  readonly certificateSerialNumber: string | null;
  readonly createdAt: Timestamp;
  readonly lastPushedAt: Timestamp | null;
  /** SHA-256 over what the register said at the last push; tells whether it has moved on. */
  readonly lastPushDigest: string | null;
  /** When the CRL that the last push brought ends: from then on the broker refuses every certificate. */
  readonly crlNextUpdate: Timestamp | null;
  /** Confirmed SSH host keys on the way to the broker: `host:port` to fingerprint, as in a DeviceRow. */
  readonly hostKeys: Readonly<Record<string, string>>;
};

/** The identity that a broker's probes log in with, by password. Its plant id belongs to no plant. */
export type ProbeAccountRow = {
  readonly brokerId: string;
  readonly plantId: PlantId;
  readonly passwordHash: string;
};

/** The console's own password on a broker that asks for nothing else. */
export type ConsoleAccountRow = {
  readonly brokerId: string;
  readonly passwordHash: string;
};

export type BrokerTable = {
  /** Throws `broker/exists` when the name is taken. */
  insert(row: BrokerRow): void;
  get(brokerId: string): BrokerRow | undefined;
  list(): BrokerRow[];
  update(
    brokerId: string,
    change: Partial<
      Pick<
        BrokerRow,
        | 'name'
        | 'target'
        | 'host'
        | 'subjectAltNames'
        | 'certificateSerialNumber'
        | 'lastPushedAt'
        | 'lastPushDigest'
        | 'crlNextUpdate'
        | 'hostKeys'
      >
    >,
  ): void;
  delete(brokerId: string): void;
  /** What the target is logged in to with: the target's own JSON. */
  targetSecret(brokerId: string): string | undefined;
  /** Undefined forgets it. Throws `broker/not-found`. */
  putTargetSecret(brokerId: string, secret: string | undefined): void;
  /** What the last push wrote, as the pushing operation's own JSON; it may name every user. */
  pushRecord(brokerId: string): string | undefined;
  /** Throws `broker/not-found`. */
  putPushRecord(brokerId: string, record: string): void;
  probeAccount(brokerId: string): ProbeAccountRow | undefined;
  /** Throws when the broker has no probe account. */
  probePassword(brokerId: string): string;
  insertProbeAccount(row: ProbeAccountRow, password: string): void;
  consoleAccount(brokerId: string): ConsoleAccountRow | undefined;
  /** Throws when the broker has no console account. */
  consolePassword(brokerId: string): string;
  insertConsoleAccount(row: ConsoleAccountRow, password: string): void;
};

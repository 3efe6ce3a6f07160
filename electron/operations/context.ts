import type { Clock } from '../platform/clock.ts';
import type { KeyedTurns } from '../platform/keyed-turns.ts';
import type { OpenVault } from '../vault/rows.ts';

/** The parts of the register whose change a window wants to hear of. */
export type ChangedPart =
  | 'alerts'
  | 'authority'
  | 'plants'
  | 'brokers'
  | 'devices'
  | 'campaigns'
  | 'policy'
  | 'recordings'
  | 'handovers';

/** What every operation gets: the open vault, the time, and who asked for it. */
export type OperationContext = {
  readonly vault: OpenVault;
  readonly clock: Clock;
  readonly actor: string;
  changed(part: ChangedPart): void;
  /**
   * Runs `work` while no other change of a plant's lifecycle runs: between reading a state and storing what follows
   * from it, a CRL is signed on the thread pool, and nobody may slip in there.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Logins to devices, by `host:port` of the first host on the way: so many at a time. */
  readonly handshakes: KeyedTurns;
};

/** The present as the vault writes it. */
export const timestamp = (context: Pick<OperationContext, 'clock'>): string => context.clock.now().toISOString();

/** Adds a line to the audit trail. `details` must be safe to read for ever: never a secret. */
export function audit(
  context: OperationContext,
  action: string,
  subject: string,
  details: Readonly<Record<string, unknown>> = {},
): void {
  context.vault.audit.append({ at: timestamp(context), actor: context.actor, action, subject, details });
}

/** By default sshd refuses some of those who have not logged in yet from the tenth on, dropbear from the fifth. */
export const handshakesPerHost = 4;

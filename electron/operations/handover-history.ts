// When a credential reached its device, how, and when it first proved itself: nothing but the audit trail knows, since a
// credential's row tells only how things stand. So it is with the vault itself, which may have come from a backup.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HandoverCredential } from '../../shared/model/handover.ts';
import type { AuditRow } from '../vault/rows/journal.ts';
import type { OpenVault } from '../vault/rows.ts';

export type CredentialHistory = Pick<
  HandoverCredential,
  'deployedAt' | 'deployedBy' | 'firstSessionAt' | 'confirmedAt'
>;

export const noHistory: CredentialHistory = {
  deployedAt: null,
  deployedBy: null,
  firstSessionAt: null,
  confirmedAt: null,
};

/** Some 5 ms to read. */
const linesAtOnce = 500;

export type TrailHistory = {
  /** Of every credential that the trail says something of, by its id. */
  readonly credentials: ReadonlyMap<string, CredentialHistory>;
  /** When the vault last came from a backup; null: never. */
  readonly restoredAt: string | null;
};

export async function trailHistory({ audit }: OpenVault): Promise<TrailHistory> {
  const histories = new Map<string, CredentialHistory>();
  let restoredAt: string | null = null;
  for (let from = Number.MAX_SAFE_INTEGER, isFull = true; isFull; ) {
    const lines = audit.before(from, linesAtOnce);
    for (const line of lines) {
      if (line.action === 'vault.restore') restoredAt ??= line.at;
      const { credentialId } = line.details;
      if (typeof credentialId !== 'string') continue;
      const later = histories.get(credentialId) ?? noHistory;
      histories.set(credentialId, { ...later, ...whatHappened(line, later) });
    }
    from = lines.at(-1)?.sequence ?? from;
    isFull = lines.length === linesAtOnce;
    await nextTurn();
  }
  return { credentials: histories, restoredAt };
}

/** The trail is read from its end, so what comes next is older, and the first time counts. */
function whatHappened({ action, at, details }: AuditRow, later: CredentialHistory): Partial<CredentialHistory> {
  switch (action) {
    case 'offline.receipt':
      return { deployedAt: at, deployedBy: 'stick' };
    case 'credential.deployed':
      // A receipt destroys what is left here in the same moment.
      return { deployedAt: at, deployedBy: later.deployedBy === 'stick' ? 'stick' : 'device' };
    case 'credential.downloaded':
      return { deployedAt: at, deployedBy: 'file' };
    case 'credential.activated':
      return { deployedAt: at, deployedBy: 'word' };
    case 'plant.activate':
      return details.evidence === 'session' ? { firstSessionAt: at } : { confirmedAt: at };
    default:
      return {};
  }
}

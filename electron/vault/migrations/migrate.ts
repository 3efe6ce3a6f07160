// Brings a vault to the newest schema, one transaction a migration: a crash leaves a whole version, never half of one.
// `user_version` is the number of the last migration that ran. A released migration is never edited; add another.

import type { Database } from 'better-sqlite3';
import { firstSchema } from './0001-first-schema.ts';
import { brokerPushes } from './0002-broker-pushes.ts';
import { withdrawals } from './0003-withdrawals.ts';
import { rowSeals } from './0004-row-seals.ts';
import { deviceStates } from './0005-device-states.ts';
import { consoleAccounts } from './0006-console-accounts.ts';
import { offlineBundles } from './0007-offline-bundles.ts';
import { deviceSettings } from './0008-device-settings.ts';
import { campaigns } from './0009-campaigns.ts';
import { authorityRollover } from './0010-authority-rollover.ts';
import { registerPages } from './0011-register-pages.ts';
import { credentialBrokers } from './0012-credential-brokers.ts';
import { policyVersions } from './0013-policy-versions.ts';
import { crlParts } from './0014-crl-parts.ts';
import { monitorSettings } from './0015-monitor-settings.ts';
import { openCertificateRevocations } from './0016-open-certificate-revocations.ts';
import { certifiedKeys } from './0017-certified-keys.ts';
import { crlNumbers } from './0018-crl-numbers.ts';
import { recordings } from './0019-recordings.ts';
import { publishTemplates } from './0020-publish-templates.ts';
import { alerts } from './0021-alerts.ts';
import { recordingLosses } from './0022-recording-losses.ts';
import { handovers } from './0023-handovers.ts';
import { alertLog } from './0024-alert-log.ts';
import type { Migration } from './migration.ts';

/** In order, without gaps, from 1. */
export const migrations: readonly Migration[] = [
  firstSchema,
  brokerPushes,
  withdrawals,
  rowSeals,
  deviceStates,
  consoleAccounts,
  offlineBundles,
  deviceSettings,
  campaigns,
  authorityRollover,
  registerPages,
  credentialBrokers,
  policyVersions,
  crlParts,
  monitorSettings,
  openCertificateRevocations,
  certifiedKeys,
  crlNumbers,
  recordings,
  publishTemplates,
  alerts,
  recordingLosses,
  handovers,
  alertLog,
];

export const newestVersion = (steps: readonly Migration[] = migrations): number => steps.at(-1)?.version ?? 0;

export function migrate(db: Database, steps: readonly Migration[] = migrations): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  for (const step of steps) {
    if (step.version <= version) continue;
    db.transaction(() => {
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
    })();
  }
}

// An open vault is its tables behind one guard: every call first makes sure that the vault is still open,
// and what SQLite throws comes out as the catalog's codes.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { toVaultFailure } from './failures.ts';
import type { OpenVault } from './rows.ts';
import type { Sealer } from './sealing.ts';
import { alertRuleTable, alertTable } from './tables/alerts.ts';
import { approverTable } from './tables/approvers.ts';
import { auditTrail } from './tables/audit-trail.ts';
import { authorityTable } from './tables/authorities.ts';
import { brokerTable } from './tables/brokers.ts';
import { campaignTable } from './tables/campaigns.ts';
import { certificateTable } from './tables/certificates.ts';
import { credentialFilesTable } from './tables/credential-files.ts';
import { credentialTrustTable } from './tables/credential-trusts.ts';
import { credentialTable } from './tables/credentials.ts';
import { crlPartTable } from './tables/crl-parts.ts';
import { deviceStateTable } from './tables/device-states.ts';
import { deviceTable } from './tables/devices.ts';
import { handoverTable } from './tables/handovers.ts';
import { monitorSettingsTable } from './tables/monitor-settings.ts';
import { offlineBundleTable } from './tables/offline-bundles.ts';
import { openCertificateRevocationTable } from './tables/open-certificate-revocations.ts';
import { openRevocationTable } from './tables/open-revocations.ts';
import { operationJournal } from './tables/operations.ts';
import { plantTable } from './tables/plants.ts';
import { policyVersionTable } from './tables/policy-versions.ts';
import { publishTemplateTable } from './tables/publish-templates.ts';
import { recordingTable } from './tables/recordings.ts';
import { registerPageTable } from './tables/register-pages.ts';
import { settingTable } from './tables/settings.ts';
import { signingSecretTable } from './tables/signing-secrets.ts';
import { tokenKeyTable } from './tables/token-keys.ts';
import { withdrawalTable } from './tables/withdrawals.ts';

/** The tables of the database `db`; they throw `vault/locked` from the moment it is closed. */
export function openVault(db: Database, sealer: Sealer): OpenVault {
  const guard = <T>(work: () => T): T => {
    if (!db.open) throw new ConsoleError('vault/locked');
    try {
      return work();
    } catch (error) {
      throw toVaultFailure(error);
    }
  };

  return {
    alertRules: guarded(alertRuleTable(db, sealer), guard),
    alerts: guarded(alertTable(db, sealer), guard),
    authorities: guarded(authorityTable(db, sealer), guard),
    crlParts: guarded(crlPartTable(db, sealer), guard),
    certificates: guarded(certificateTable(db, sealer), guard),
    registerPages: guarded(registerPageTable(db, sealer), guard),
    plants: guarded(plantTable(db, sealer), guard),
    credentials: guarded(credentialTable(db, sealer), guard),
    credentialFiles: guarded(credentialFilesTable(db, sealer), guard),
    credentialTrusts: guarded(credentialTrustTable(db, sealer), guard),
    openCertificateRevocations: guarded(openCertificateRevocationTable(db, sealer), guard),
    openRevocations: guarded(openRevocationTable(db, sealer), guard),
    signingSecrets: guarded(signingSecretTable(db, sealer), guard),
    tokenKeys: guarded(tokenKeyTable(db, sealer), guard),
    brokers: guarded(brokerTable(db, sealer), guard),
    devices: guarded(deviceTable(db, sealer), guard),
    deviceStates: guarded(deviceStateTable(db, sealer), guard),
    monitorSettings: guarded(monitorSettingsTable(db, sealer), guard),
    offlineBundles: guarded(offlineBundleTable(db, sealer), guard),
    campaigns: guarded(campaignTable(db, sealer), guard),
    approvers: guarded(approverTable(db, sealer), guard),
    policyVersions: guarded(policyVersionTable(db, sealer), guard),
    publishTemplates: guarded(publishTemplateTable(db, sealer), guard),
    recordings: guarded(recordingTable(db, sealer), guard),
    handovers: guarded(handoverTable(db, sealer), guard),
    operations: guarded(operationJournal(db, sealer), guard),
    audit: guarded(auditTrail(db, sealer), guard),
    settings: guarded(settingTable(db, sealer), guard),
    withdrawals: guarded(withdrawalTable(db, sealer), guard),
    transaction: (work) => guard(() => db.transaction(work)()),
  };
}

/** `table` with every method run inside `guard`. */
function guarded<T extends object>(table: T, guard: <R>(work: () => R) => R): T {
  const methods = Object.entries(table).map(([name, method]) => [
    name,
    (...args: unknown[]) => guard(() => method(...args)),
  ]);
  return Object.fromEntries(methods);
}

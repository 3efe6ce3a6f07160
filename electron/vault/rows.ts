// What the vault keeps, as the operations see it: one table object a noun (rows/), rows in the words of the design.
// Secrets go in and come out as plain text here; between this interface and the file they are sealed,
// each bound to its table, row and column. A table's plain rows never carry a secret: it is asked for by name.

import type { AlertRuleTable, AlertTable } from './rows/alerts.ts';
import type { AuthorityTable } from './rows/authorities.ts';
import type { BrokerTable } from './rows/brokers.ts';
import type { ApproverTable, CampaignTable } from './rows/campaigns.ts';
import type { CertificateTable, OpenCertificateRevocationTable, OpenRevocationTable } from './rows/certificates.ts';
import type { CredentialFilesTable, CredentialTable, CredentialTrustTable } from './rows/credentials.ts';
import type { CrlPartTable } from './rows/crl-parts.ts';
import type { DeviceStateTable, DeviceTable } from './rows/devices.ts';
import type { HandoverTable } from './rows/handovers.ts';
import type { AuditTrail, OperationJournal, SettingTable } from './rows/journal.ts';
import type { MonitorSettingsTable } from './rows/monitor-settings.ts';
import type { OfflineBundleTable } from './rows/offline-bundles.ts';
import type { PlantTable, SigningSecretTable, WithdrawalTable } from './rows/plants.ts';
import type { PolicyVersionTable } from './rows/policy-versions.ts';
import type { PublishTemplateTable } from './rows/publish-templates.ts';
import type { RecordingTable } from './rows/recordings.ts';
import type { RegisterPageTable } from './rows/register-pages.ts';
import type { TokenKeyTable } from './rows/token-keys.ts';

/** An open vault. Every method throws `vault/locked` once it was locked. */
export type OpenVault = {
  readonly alertRules: AlertRuleTable;
  readonly alerts: AlertTable;
  readonly authorities: AuthorityTable;
  readonly crlParts: CrlPartTable;
  readonly certificates: CertificateTable;
  readonly registerPages: RegisterPageTable;
  readonly plants: PlantTable;
  readonly credentials: CredentialTable;
  readonly credentialFiles: CredentialFilesTable;
  readonly credentialTrusts: CredentialTrustTable;
  readonly openRevocations: OpenRevocationTable;
  readonly openCertificateRevocations: OpenCertificateRevocationTable;
  readonly signingSecrets: SigningSecretTable;
  readonly tokenKeys: TokenKeyTable;
  readonly brokers: BrokerTable;
  readonly devices: DeviceTable;
  readonly deviceStates: DeviceStateTable;
  readonly monitorSettings: MonitorSettingsTable;
  readonly offlineBundles: OfflineBundleTable;
  readonly campaigns: CampaignTable;
  readonly approvers: ApproverTable;
  readonly policyVersions: PolicyVersionTable;
  readonly publishTemplates: PublishTemplateTable;
  readonly recordings: RecordingTable;
  readonly handovers: HandoverTable;
  readonly operations: OperationJournal;
  readonly audit: AuditTrail;
  readonly settings: SettingTable;
  readonly withdrawals: WithdrawalTable;
  /** All or nothing. `work` must not await. */
  transaction<T>(work: () => T): T;
};

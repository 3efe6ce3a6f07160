// Rows to put into a vault, complete and plausible; a test names only what it is about.

import type { AuthorityRow } from '../../electron/vault/rows/authorities.ts';
import type { BrokerRow } from '../../electron/vault/rows/brokers.ts';
import type { CampaignPlantRow, CampaignRow } from '../../electron/vault/rows/campaigns.ts';
import type { CertificateRow } from '../../electron/vault/rows/certificates.ts';
import type { CredentialRow } from '../../electron/vault/rows/credentials.ts';
import type { DeviceRow, DeviceStateRow } from '../../electron/vault/rows/devices.ts';
import type { HandoverRow } from '../../electron/vault/rows/handovers.ts';
import type { OfflineBundleRow } from '../../electron/vault/rows/offline-bundles.ts';
import type { PlantRow } from '../../electron/vault/rows/plants.ts';
import type { PublishTemplateRow } from '../../electron/vault/rows/publish-templates.ts';
import type { RecordingRow } from '../../electron/vault/rows/recordings.ts';
import type { RegisterPageRow } from '../../electron/vault/rows/register-pages.ts';
import type { Alert, AlertRule } from '../../shared/model/alert.ts';
import { type BrokerListeners, productionPorts } from '../../shared/model/broker.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { unknownLosses } from '../../shared/model/recording.ts';

export const moment = '2031-05-06T07:08:09.000Z';

export const plantId = (start: string) => plantIdSchema.parse(`${start.padEnd(8, '0')}-0000-4000-8000-000000000001`);

export const plantRow = (start: string, row: Partial<PlantRow> = {}): PlantRow => ({
  plantId: plantId(start),
  name: `Plant ${start}`,
  site: null,
  authMethod: 'MTLS',
  username: plantId(start),
  status: 'PENDING',
  createdAt: moment,
  updatedAt: moment,
  lastSeenAt: null,
  revokedAt: null,
  ...row,
});

export const authorityRow = (row: Partial<AuthorityRow> = {}): AuthorityRow => ({
  authorityId: 'authority-1',
  subject: '/CN=Test Root CA',
  keyAlgorithm: 'EC-P256',
  certificatePem: 'certificate',
  serialNumber: '01',
  fingerprint: 'AA:BB',
  notBefore: moment,
  notAfter: moment,
  crlNumber: 1n,
  crlThisUpdate: moment,
  crlNextUpdate: moment,
  crlBodyId: 'crl-1',
  crlPartCount: 1,
  createdAt: moment,
  state: 'current',
  isCompromised: false,
  crossCertificatePem: null,
  crossIssuerId: null,
  retiredAt: null,
  ...row,
});

export const recordingRow = (row: Partial<RecordingRow> = {}): RecordingRow => ({
  recordingId: '10000000-0000-4000-8000-000000000001',
  note: 'Recording',
  origin: 'recorded',
  brokerId: '1',
  brokerName: 'Site',
  filters: ['cpi/#'],
  identity: { kind: 'console' },
  startedAt: moment,
  endedAt: null,
  ending: null,
  messages: 0,
  ...unknownLosses,
  badLines: 0,
  bytes: 0,
  sha256: null,
  ...row,
});

export const handoverRow = (row: Partial<HandoverRow> = {}): HandoverRow => ({
  number: 1,
  at: moment,
  by: 'Ada',
  to: 'Charles',
  scope: { kind: 'site', site: 'Hall 1' },
  plants: 2,
  recordingIds: ['10000000-0000-4000-8000-000000000001'],
  sha256: '0'.repeat(64),
  auditSequence: 12,
  certificateSerialNumber: '0a',
  ...row,
});

export const publishTemplateRow = (row: Partial<PublishTemplateRow> = {}): PublishTemplateRow => ({
  templateId: '20000000-0000-4000-8000-000000000001',
  name: 'Set the clock',
  topic: 'site/clock',
  payload: '{"token":"pale-blue"}',
  encoding: 'text',
  qos: 1,
  retain: false,
  properties: { contentType: 'application/json' },
  updatedAt: moment,
  ...row,
});

export const registerPageRow = (row: Partial<RegisterPageRow> = {}): RegisterPageRow => ({
  pageId: 'authority-1/0',
  authorityId: 'authority-1',
  position: 0,
  entryCount: 1,
  revokedCount: 0,
  lastNotAfter: moment,
  ...row,
});

export const certificateRow = (serialNumber: string, row: Partial<CertificateRow> = {}): CertificateRow => ({
  serialNumber,
  authorityId: 'authority-1',
  kind: 'device',
  subject: '/CN=device',
  subjectAltNames: ['broker.example', '192.0.2.1'],
  plantId: null,
  brokerId: null,
  keyAlgorithm: 'EC-P256',
  certificatePem: 'certificate',
  fingerprint: 'AA:BB',
  notBefore: moment,
  notAfter: moment,
  state: 'issued',
  revokedAt: null,
  revocationReason: null,
  invalidityDate: null,
  createdAt: moment,
  ...row,
});

export type NewCredential = Omit<CredentialRow, 'secretsAvailable' | 'handedOverAt'>;

export const credentialRow = (credentialId: string, row: Partial<NewCredential> = {}): NewCredential => ({
  credentialId,
  plantId: plantId('a'),
  authMethod: 'MTLS',
  state: 'issued',
  certificateSerialNumber: null,
  passwordHash: null,
  createdAt: moment,
  expiresAt: null,
  brokerId: null,
  keyIsElsewhere: false,
  ...row,
});

export const deviceRow = (row: Partial<DeviceRow> = {}): DeviceRow => ({
  plantId: plantId('a'),
  host: 'plc.example',
  port: 22,
  username: 'root',
  authentication: 'password',
  directory: '/etc/voke',
  transport: 'shell',
  rights: 'login',
  owner: null,
  restartCommand: null,
  jump: null,
  jumpHostKeyFingerprint: null,
  allowsLegacyAlgorithms: false,
  hostKeyFingerprint: null,
  updatedAt: moment,
  ...row,
});

export const deviceStateRow = (row: Partial<DeviceStateRow> = {}): DeviceStateRow => ({
  plantId: plantId('a'),
  outcome: 'read',
  seenAt: moment,
  credentialId: 'c',
  files: [{ name: 'device.key', mode: 0o600, sha256: '0'.repeat(64) }],
  certificateFingerprint: 'AA:BB',
  previousKept: true,
  previousCredentialId: null,
  ...row,
});

export const offlineBundleRow = (
  row: Partial<OfflineBundleRow> = {},
): Omit<OfflineBundleRow, 'importedAt' | 'receipt'> => ({
  bundleId: 'bundle-1',
  plantId: plantId('a'),
  credentialId: 'c',
  fileName: 'voke-plant-a.sh',
  sha256: '0'.repeat(64),
  directory: '/etc/voke',
  keyIsOnDevice: false,
  exportedAt: moment,
  ...row,
});

export const campaignRow = (row: Partial<CampaignRow> = {}): CampaignRow => ({
  campaignId: 'campaign-1',
  name: 'Spring rotation',
  state: 'ready',
  pausedBecause: null,
  problemCode: null,
  problemDetail: null,
  settings: {
    name: 'Spring rotation',
    verify: { seconds: 60, otherwise: 'rollBack' },
    parallel: 16,
    notBefore: null,
    notAfter: null,
    overrule: [],
    needsApproval: false,
  },
  createdBy: 'tester',
  createdAt: moment,
  approvedBy: null,
  approvedAt: null,
  finishedAt: null,
  ...row,
});

export const campaignPlantRow = (row: Partial<CampaignPlantRow> = {}): CampaignPlantRow => ({
  campaignPlantId: 'campaign-1:a',
  campaignId: 'campaign-1',
  position: 0,
  plantId: plantId('a'),
  plantName: 'Plant a',
  state: 'waiting',
  outcome: null,
  attempts: 0,
  credentialId: null,
  startedAt: null,
  finishedAt: null,
  errorCode: null,
  errorDetail: null,
  ...row,
});

export const brokerRow = (
  brokerId: string,
  row: Partial<Omit<BrokerRow, keyof BrokerListeners>> = {},
  listeners: BrokerListeners = { profile: 'voke', ports: productionPorts },
): BrokerRow => ({
  brokerId,
  name: `Broker ${brokerId}`,
  target: { kind: 'practice' },
  host: 'broker.example',
  subjectAltNames: ['192.0.2.1'],
  certificateSerialNumber: null,
  createdAt: moment,
  lastPushedAt: null,
  lastPushDigest: null,
  crlNextUpdate: null,
  hostKeys: {},
  ...row,
  ...listeners,
});

export const alertRuleRow = (rule: Partial<AlertRule> = {}): AlertRule => ({
  ruleId: 'rule-1',
  name: 'Refused logins',
  brokerId: null,
  isEnabled: true,
  condition: { kind: 'refused' },
  ...rule,
});

export const alertRow = (row: Partial<Alert> = {}): Alert => ({
  alertId: 'alert-1',
  ruleId: 'rule-1',
  ruleName: 'Refused logins',
  kind: 'refused',
  brokerId: null,
  brokerName: 'Site',
  plantId: null,
  plantName: null,
  subject: 'login',
  what: 'A login was refused',
  value: null,
  raisedAt: moment,
  saidAt: null,
  lastAt: moment,
  endedAt: null,
  count: 1,
  acknowledgedBy: null,
  acknowledgedAt: null,
  ...row,
});

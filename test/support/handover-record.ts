// A handover record as a test needs it, complete and plausible.

import type { HandoverCredential, HandoverPlant, HandoverRecord } from '../../shared/model/handover.ts';
import { moment, plantId } from './vault-rows.ts';

export const handoverCredential = (part: Partial<HandoverCredential> = {}): HandoverCredential => ({
  kind: 'password',
  state: 'active',
  issuedAt: moment,
  validUntil: null,
  serialNumber: null,
  fingerprint: null,
  keyMadeElsewhere: false,
  isWaiting: false,
  deployedAt: moment,
  deployedBy: 'device',
  firstSessionAt: moment,
  confirmedAt: null,
  ...part,
});

export const handoverPlant = (start: string, part: Partial<HandoverPlant> = {}): HandoverPlant => ({
  plantId: plantId(start),
  name: `Plant ${start}`,
  site: 'Hall 1',
  authMethod: 'PASSWORD',
  username: `plc-${start}`,
  status: 'ACTIVE',
  revokedAt: null,
  lastSeenAt: moment,
  credential: handoverCredential(),
  deployment: 'matched',
  deviceSeenAt: moment,
  device: { host: 'plc.example', port: 22, directory: '/etc/voke', hostKeyFingerprint: 'abc' },
  ...part,
});

export const handoverRecord = (part: Partial<HandoverRecord> = {}): HandoverRecord => ({
  format: 'voke-handover',
  formatVersion: 1,
  number: 7,
  at: moment,
  by: 'Ada',
  to: 'Charles',
  remark: '',
  madeBy: 'tester',
  consoleVersion: '1.0.0',
  scope: { kind: 'all' },
  audit: { sequence: 3, hash: '0'.repeat(64) },
  signedWith: { subject: '/CN=Handover record 7', serialNumber: '0a', fingerprint: 'AA:BB' },
  authorities: [
    {
      state: 'current',
      subject: '/CN=Root',
      serialNumber: '01',
      fingerprint: 'AA:BB',
      keyAlgorithm: 'EC-P256',
      notBefore: moment,
      notAfter: '2041-05-06T07:08:09.000Z',
      crlNumber: '1',
      crlThisUpdate: moment,
      crlNextUpdate: '2032-05-06T07:08:09.000Z',
    },
  ],
  brokers: [
    {
      brokerId: '1',
      name: 'Site',
      profile: 'voke',
      target: 'ssh',
      host: 'broker.example',
      ports: { mtls: 8886, password: 8885, token: 8887 },
      certificate: { serialNumber: '0b', fingerprint: 'CC:DD', notAfter: '2033-05-06T07:08:09.000Z' },
      lastPushedAt: moment,
      pushPending: false,
      crlNextUpdate: '2032-05-06T07:08:09.000Z',
      files: { 'mosquitto.conf': '1'.repeat(64) },
    },
  ],
  plants: [handoverPlant('a')],
  recordings: [],
  remarks: [],
  files: [],
  ...part,
});

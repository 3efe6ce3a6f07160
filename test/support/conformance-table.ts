// One conversation with a console, from an empty folder to a revoked plant. Every host must give the same answers.

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { expect } from 'vitest';
import type { ErrorCode } from '../../shared/model/errors.ts';
import type { Caller, CallFailure } from './contract-callers.ts';

/** What later calls need of earlier answers. */
export type Conversation = {
  backup?: File;
  brokerId?: string;
  templateId?: string;
  recordingId?: string;
  replayId?: string;
};

type Call = {
  readonly name: string;
  readonly what: string;
  readonly input?: (conversation: Conversation) => unknown;
} & (
  | { readonly answers: (output: unknown, conversation: Conversation) => void | Promise<void> }
  | { readonly fails: ErrorCode; readonly with?: (failure: CallFailure) => void }
);

const passphrase = 'correct horse battery staple';
const plantId = '0b1e5a7c-1111-4222-8333-444455556666';
const sameDigits = '0b1e5a7c-9999-4222-8333-444455556666';
const tokenPlantId = 'aaaaaaaa-1111-4222-8333-444455556666';
const policyRules =
  '{"celine":{"mqtt":{"acl":{"rules":[{"subjects":{"groups":["viewers"]},"topics":["plant/#"],"actions":["subscribe"]}]}}}}';
const nobody = 'ffffffff-1111-4222-8333-444455556666';
const message = { topic: 'hall/lamp', payloadBase64: 'b24=', qos: 1, retain: false };
const template = { name: 'Lamp on', topic: 'hall/lamp', payload: 'on', encoding: 'text', qos: 1, retain: false };
const recordedLine = { time: 1_700_000_000_000, topic: 'hall/lamp', payloadBase64: 'b24=', qos: 1, retain: false };
const recordingFile = () => new File([gzipSync(`${JSON.stringify(recordedLine)}\n`)], 'night.ndjson.gz');

const equals = (expected: unknown) => (output: unknown) => expect(output).toEqual(expected);
const matches = (expected: object) => (output: unknown) => expect(output).toMatchObject(expected);
const pem = (name: string, label: string) => async (output: unknown) => {
  expect(output).toBeInstanceOf(File);
  const file = output as File;
  expect(file.name).toBe(name);
  expect(await file.text()).toContain(`-----BEGIN ${label}-----`);
};
const field = (name: string) => (failure: CallFailure) =>
  expect(failure.fields.map(({ field: path }) => path)).toEqual([name]);

export const conversation: readonly Call[] = [
  { name: 'system.health', what: 'it is up', answers: equals({ status: 'ok' }) },
  { name: 'vault.get', what: 'no vault yet', answers: equals({ state: 'absent' }) },
  { name: 'authority.create', what: 'not without a vault', fails: 'vault/absent' },
  {
    name: 'vault.create',
    what: 'a short passphrase',
    input: () => ({ passphrase: 'short' }),
    fails: 'vault/weak-passphrase',
    with: field('passphrase'),
  },
  { name: 'vault.create', what: 'no passphrase', input: () => ({}), fails: 'input/invalid', with: field('passphrase') },
  { name: 'vault.create', what: 'the vault', input: () => ({ passphrase }), answers: equals({ state: 'unlocked' }) },
  { name: 'vault.create', what: 'a second one', input: () => ({ passphrase }), fails: 'vault/exists' },
  { name: 'vault.lock', what: 'by hand', answers: equals({ state: 'locked' }) },
  { name: 'plants.list', what: 'not while locked', input: () => ({}), fails: 'vault/locked' },
  {
    name: 'vault.unlock',
    what: 'with a wrong passphrase',
    input: () => ({ passphrase: 'wrong horse battery' }),
    fails: 'vault/wrong-passphrase',
  },
  {
    name: 'vault.unlock',
    what: 'with the right one',
    input: () => ({ passphrase }),
    answers: equals({ state: 'unlocked' }),
  },
  { name: 'vault.getIdleLock', what: 'for the window', answers: matches({ minutes: expect.any(Number) }) },
  {
    name: 'authority.create',
    what: 'with an impossible subject',
    input: () => ({ subject: 'no distinguished name' }),
    fails: 'authority/invalid-subject',
  },
  {
    name: 'authority.create',
    what: 'the authority',
    input: () => ({ subject: '/O=Test/CN=Test Root', keyAlgorithm: 'EC-P256' }),
    answers: matches({ keyAlgorithm: 'EC-P256' }),
  },
  {
    name: 'authority.create',
    what: 'a second one',
    input: () => ({ keyAlgorithm: 'EC-P256' }),
    fails: 'authority/exists',
  },
  { name: 'authority.get', what: 'as it is', answers: matches({ keyAlgorithm: 'EC-P256' }) },
  { name: 'authority.certificateFile', what: 'a file', answers: pem('ca.crt', 'CERTIFICATE') },
  { name: 'authority.crlFile', what: 'a file', answers: pem('ca.crl', 'X509 CRL') },
  {
    name: 'authority.derFile',
    what: 'the certificate, binary',
    input: () => ({ file: 'ca.der' }),
    answers: async (output) => {
      expect((output as File).name).toBe('ca.der');
      expect(new Uint8Array(await (output as File).arrayBuffer())[0]).toBe(0x30);
    },
  },
  {
    name: 'authority.exportSet',
    what: 'the whole set',
    input: () => ({}),
    answers: async (output) => {
      const entries = await unpackTar(new Uint8Array(await (output as File).arrayBuffer()));
      const names = entries.map(({ header }) => header.name);
      expect(names).toContain('certs/ca/ca.crt');
      expect(names).not.toContain('certs/ca/ca.key');
    },
  },
  {
    name: 'plants.create',
    what: 'a name with control characters',
    input: () => ({ name: 'Biogas\u202e1', authMethod: 'PASSWORD' }),
    fails: 'input/invalid',
    with: field('name'),
  },
  {
    name: 'plants.create',
    what: 'a plant, its id in upper case',
    input: () => ({ plantId: plantId.toUpperCase(), name: ' Biogas 1 ', authMethod: 'PASSWORD' }),
    answers: matches({ plantId, name: 'Biogas 1', site: null, status: 'PENDING', username: 'plc-0b1e5a7c' }),
  },
  {
    name: 'plants.create',
    what: 'the same 8 hex digits',
    input: () => ({ plantId: sameDigits, name: 'Biogas 2', authMethod: 'PASSWORD' }),
    fails: 'plant/username-taken',
  },
  {
    name: 'plants.previewImport',
    what: 'the fault of a line',
    input: () => ({ csv: `name,auth method,uuid\nBiogas 3,MTLS,\nBiogas 4,TOKEN,${plantId}\n` }),
    answers: matches({
      faulty: 1,
      rows: [
        { line: 2, faults: [] },
        { line: 3, faults: [{ code: 'exists' }] },
      ],
    }),
  },
  {
    name: 'plants.previewImport',
    what: 'no list of plants',
    input: () => ({ csv: 'milk, bread' }),
    fails: 'plant/import-unreadable',
  },
  {
    name: 'plants.exportCredential',
    what: 'only of certificates',
    input: () => ({ plantId, format: 'pem' }),
    fails: 'plant/wrong-auth-method',
  },
  {
    name: 'plants.exportCredential',
    what: 'PKCS#12 without a password',
    input: () => ({ plantId, format: 'pkcs12' }),
    fails: 'input/invalid',
    with: field('password'),
  },
  {
    name: 'plants.get',
    what: 'no UUID',
    input: () => ({ plantId: 'x' }),
    fails: 'input/invalid',
    with: field('plantId'),
  },
  { name: 'plants.get', what: 'an unknown one', input: () => ({ plantId: nobody }), fails: 'plant/not-found' },
  {
    name: 'plants.update',
    what: 'the site',
    input: () => ({ plantId, site: 'Žďár' }),
    answers: matches({ plantId, site: 'Žďár' }),
  },
  {
    name: 'plants.list',
    what: 'by status and text',
    input: () => ({ status: 'PENDING', query: 'biogas', limit: 1 }),
    answers: matches({ total: 1, items: [{ plantId }] }),
  },
  {
    name: 'plants.list',
    what: 'a limit out of range',
    input: () => ({ limit: 0 }),
    fails: 'input/invalid',
    with: field('limit'),
  },
  { name: 'plants.download', what: 'nothing yet', input: () => ({ plantId }), fails: 'credential/not-found' },
  {
    name: 'plants.provision',
    what: 'the package',
    input: () => ({ plantId }),
    answers: matches({
      plantId,
      authMethod: 'PASSWORD',
      auth: { username: 'plc-0b1e5a7c', password: expect.stringMatching(/^[A-Za-z0-9]{32}$/) },
    }),
  },
  {
    name: 'plants.download',
    what: 'once more, as an attachment',
    input: () => ({ plantId }),
    answers: matches({
      headers: { 'content-disposition': `attachment; filename="provisioning-${plantId}.json"` },
      body: { plantId, auth: { username: 'plc-0b1e5a7c' } },
    }),
  },
  { name: 'plants.download', what: 'never again', input: () => ({ plantId }), fails: 'credential/handed-over' },
  { name: 'plants.credentials', what: 'what was issued', input: () => ({ plantId }), answers: matches([{ plantId }]) },
  { name: 'plants.activate', what: 'by word', input: () => ({ plantId }), answers: matches({ status: 'ACTIVE' }) },
  { name: 'plants.provision', what: 'not while ACTIVE', input: () => ({ plantId }), fails: 'plant/active' },
  {
    name: 'plants.rotate',
    what: 'the next package',
    input: () => ({ plantId }),
    answers: matches({ plantId, auth: { username: 'plc-0b1e5a7c' } }),
  },
  {
    name: 'plants.deploy',
    what: 'as a job',
    input: () => ({ plantId }),
    answers: matches({ jobId: expect.any(String) }),
  },
  { name: 'plants.preflight', what: 'not without a device', input: () => ({ plantId }), fails: 'device/not-found' },
  { name: 'plants.setDeviceClock', what: 'not without one', input: () => ({ plantId }), fails: 'device/not-found' },
  {
    name: 'plants.deviceState',
    what: 'what is known',
    input: () => ({ plantId }),
    answers: matches({ plantId, deployment: 'inVault', seenAt: null }),
  },
  {
    name: 'plants.rollBackDevice',
    what: 'as a job',
    input: () => ({ plantId }),
    answers: matches({ jobId: expect.any(String) }),
  },
  { name: 'devices.scan', what: 'of nobody', input: () => ({ plantIds: [nobody] }), fails: 'plant/not-found' },
  { name: 'devices.scan', what: 'as a job', input: () => ({}), answers: matches({ jobId: expect.any(String) }) },
  {
    name: 'offline.exportBundles',
    what: 'a file and its code',
    input: () => ({ plantIds: [plantId] }),
    answers: async (output) => {
      const { bundles, file } = output as { bundles: Record<string, { code: string; sha256: string }>; file: File };
      expect(bundles[0]?.code).toMatch(/^(\w{4}-){4}\w{4}$/);
      expect(file.name).toMatch(/^voke-.*\.sh$/);
      const hash = createHash('sha256')
        .update(await file.bytes())
        .digest('hex');
      expect(bundles[0]?.sha256).toBe(hash);
    },
  },
  {
    name: 'offline.exportBundles',
    what: 'of nobody',
    input: () => ({ plantIds: [plantId, nobody] }),
    fails: 'plant/not-found',
  },
  {
    name: 'offline.listBundles',
    what: 'what is open',
    input: () => ({ state: 'open' }),
    answers: (output) => expect(output).toMatchObject([{ plantId, state: 'open', importedAt: null }]),
  },
  {
    name: 'offline.importReceipt',
    what: 'no receipt',
    input: () => ({ receipt: 'nothing' }),
    fails: 'offline/receipt-unreadable',
  },
  {
    name: 'offline.requestKit',
    what: 'not for PASSWORD',
    input: () => ({ plantId }),
    fails: 'plant/wrong-auth-method',
  },
  {
    name: 'offline.readRequest',
    what: 'not for PASSWORD',
    input: () => ({ plantId, request: 'nothing' }),
    fails: 'plant/wrong-auth-method',
  },
  {
    name: 'offline.answerRequest',
    what: 'not for PASSWORD',
    input: () => ({ plantId, request: 'nothing', keyCheck: '0' }),
    fails: 'plant/wrong-auth-method',
  },
  { name: 'plants.issueToken', what: 'not for PASSWORD', input: () => ({ plantId }), fails: 'plant/wrong-auth-method' },
  {
    name: 'plants.create',
    what: 'a TOKEN plant',
    input: () => ({ plantId: tokenPlantId, name: 'Pumps', authMethod: 'TOKEN' }),
    answers: matches({ username: tokenPlantId }),
  },
  {
    name: 'plants.issueToken',
    what: 'for too long',
    input: () => ({ plantId: tokenPlantId, ttlSeconds: 86_401 }),
    fails: 'credential/ttl-too-long',
    with: field('ttlSeconds'),
  },
  {
    name: 'plants.revoke',
    what: 'with its reason',
    input: () => ({ plantId, reason: 'keyCompromise' }),
    answers: matches({ status: 'REVOKED' }),
  },
  { name: 'plants.delete', what: 'a plant', input: () => ({ plantId: tokenPlantId }), answers: equals(undefined) },
  { name: 'plants.delete', what: 'it is gone', input: () => ({ plantId: tokenPlantId }), fails: 'plant/not-found' },
  {
    name: 'authority.listCertificates',
    what: 'all',
    input: () => ({}),
    answers: matches({ total: expect.any(Number) }),
  },
  {
    name: 'brokers.create',
    what: 'a practice broker',
    input: () => ({
      name: 'Broker',
      target: { kind: 'practice' },
      host: 'localhost',
      ports: { mtls: 1, password: 2, token: 3 },
    }),
    answers: (output, kept) => {
      kept.brokerId = (output as { brokerId: string }).brokerId;
    },
  },
  { name: 'brokers.list', what: 'it', answers: matches([{ name: 'Broker', state: 'stopped' }]) },
  {
    name: 'brokers.plan',
    what: 'a restart',
    input: ({ brokerId }) => ({ brokerId }),
    answers: matches({ needs: 'restart' }),
  },
  {
    name: 'brokers.plan',
    what: 'for an unknown one',
    input: () => ({ brokerId: nobody }),
    fails: 'broker/not-found',
  },
  {
    name: 'brokers.files',
    what: 'an archive to install by hand',
    input: ({ brokerId }) => ({ brokerId }),
    answers: async (output) => {
      expect(output).toBeInstanceOf(File);
      const file = output as File;
      expect(file.name).toBe('voke-broker-broker.tar');
      const entries = await unpackTar(await file.arrayBuffer());
      expect(entries.map(({ header }) => header.name)).toContain('voke-broker-broker/mosquitto/mosquitto.conf');
      expect(entries.find(({ header }) => header.name.endsWith('server.key'))?.header.mode).toBe(0o600);
    },
  },
  {
    name: 'brokers.files',
    what: 'a plugin by no plain path',
    input: ({ brokerId }) => ({ brokerId, jwtPlugin: '/lib/$(reboot).so' }),
    fails: 'input/invalid',
  },
  {
    name: 'brokers.setEngineTls',
    what: 'a broker without a Docker engine',
    input: ({ brokerId }) => ({ brokerId, tls: { authorityPem: 'a', certificatePem: 'b', keyPem: 'c' } }),
    fails: 'input/invalid',
  },
  {
    name: 'publish.check',
    what: 'not while nobody is connected',
    input: ({ brokerId }) => ({ brokerId, message }),
    fails: 'monitor/not-connected',
  },
  {
    name: 'publish.send',
    what: 'to a filter',
    input: ({ brokerId }) => ({ brokerId, message: { ...message, topic: 'hall/#' } }),
    fails: 'input/invalid',
  },
  {
    name: 'publish.send',
    what: 'not while nobody is connected',
    input: ({ brokerId }) => ({ brokerId, message }),
    fails: 'monitor/not-connected',
  },
  {
    name: 'publish.checkCommand',
    what: 'to nobody',
    input: ({ brokerId }) => ({ brokerId, command: { plantId: nobody, type: 'GET_INFO', parameters: {} } }),
    fails: 'plant/not-found',
  },
  {
    name: 'publish.listRetained',
    what: 'of the broker itself',
    input: ({ brokerId }) => ({ brokerId, filter: '$SYS/#' }),
    fails: 'input/invalid',
    with: field('filter'),
  },
  {
    name: 'publish.deleteRetained',
    what: 'not while nobody is connected',
    input: ({ brokerId }) => ({ brokerId, filter: '#', confirmation: 'none' }),
    fails: 'monitor/not-connected',
  },
  { name: 'publish.cancelDeletion', what: 'none', input: () => ({ jobId: 'none' }), fails: 'publish/no-deletion' },
  {
    name: 'publish.saveTemplate',
    what: 'a message',
    input: () => template,
    answers: (output, kept) => {
      expect(output).toMatchObject(template);
      kept.templateId = (output as { templateId: string }).templateId;
    },
  },
  {
    name: 'publish.saveTemplate',
    what: 'not with a secret',
    input: () => ({ ...template, payload: '{"password":"hunter2"}' }),
    fails: 'publish/template-secret',
  },
  {
    name: 'publish.renameTemplate',
    what: 'it',
    input: ({ templateId }) => ({ templateId, name: 'Lamp' }),
    answers: matches({ name: 'Lamp' }),
  },
  { name: 'publish.templates', what: 'it', answers: matches([{ name: 'Lamp', payload: 'on' }]) },
  {
    name: 'publish.deleteTemplate',
    what: 'it',
    input: ({ templateId }) => ({ templateId }),
    answers: equals(undefined),
  },
  {
    name: 'publish.deleteTemplate',
    what: 'it is gone',
    input: ({ templateId }) => ({ templateId }),
    fails: 'publish/template-not-found',
  },
  {
    name: 'recordings.start',
    what: 'of no broker',
    input: () => ({ brokerId: nobody }),
    fails: 'broker/not-found',
  },
  {
    name: 'recordings.import',
    what: 'what is none',
    input: () => ({ file: new File(['nothing'], 'x') }),
    fails: 'recording/unreadable',
  },
  {
    name: 'recordings.import',
    what: 'a file',
    input: () => ({ file: recordingFile(), note: 'Night' }),
    answers: (output, kept) => {
      expect(output).toMatchObject({ origin: 'imported', note: 'Night', messages: 1, dropped: null });
      kept.recordingId = (output as { recordingId: string }).recordingId;
    },
  },
  { name: 'recordings.list', what: 'it', answers: matches([{ note: 'Night', ending: 'stopped' }]) },
  {
    name: 'recordings.setNote',
    what: 'another name',
    input: ({ recordingId }) => ({ recordingId, note: 'Night shift' }),
    answers: matches({ note: 'Night shift' }),
  },
  {
    name: 'recordings.stop',
    what: 'one that has ended',
    input: ({ recordingId }) => ({ recordingId }),
    answers: matches({ ending: 'stopped' }),
  },
  {
    name: 'recordings.download',
    what: 'as it is',
    input: ({ recordingId }) => ({ recordingId }),
    answers: async (output, { recordingId }) => {
      const file = output as File;
      expect([file.name, file.type]).toEqual([`${recordingId}.ndjson.gz`, 'application/gzip']);
      expect(JSON.parse(gunzipSync(await file.bytes()).toString())).toEqual(recordedLine);
    },
  },
  {
    name: 'recordings.replay',
    what: 'not without the practice broker',
    input: ({ recordingId }) => ({ recordingId, target: 'practice' }),
    fails: 'replay/no-practice-broker',
  },
  {
    name: 'recordings.replay',
    what: 'to look at it',
    input: ({ recordingId }) => ({ recordingId, target: 'monitor', speed: 2 }),
    answers: (output, kept) => {
      expect(output).toMatchObject({ target: 'monitor', speed: 2, from: recordedLine.time });
      kept.replayId = (output as { replayId: string }).replayId;
    },
  },
  { name: 'recordings.listReplays', what: 'it', answers: matches([{ target: 'monitor', badLines: 0 }]) },
  {
    name: 'recordings.control',
    what: 'too fast',
    input: ({ replayId }) => ({ replayId, speed: 1000 }),
    fails: 'input/invalid',
    with: field('speed'),
  },
  {
    name: 'recordings.control',
    what: 'as fast as possible',
    input: ({ replayId }) => ({ replayId, speed: null }),
    answers: matches({ speed: null }),
  },
  {
    name: 'recordings.endReplay',
    what: 'it',
    input: ({ replayId }) => ({ replayId }),
    answers: equals(undefined),
  },
  {
    name: 'recordings.endReplay',
    what: 'it has ended',
    input: ({ replayId }) => ({ replayId }),
    fails: 'replay/not-found',
  },
  {
    name: 'handovers.preview',
    what: 'what it would remark',
    input: ({ recordingId }) => ({ recordingIds: [recordingId] }),
    answers: matches({ plants: 1, active: 0, brokers: ['Broker'] }),
  },
  {
    name: 'handovers.make',
    what: 'of no site',
    input: () => ({ plants: { kind: 'site', site: 'Nowhere' }, by: 'Ada', to: 'Charles' }),
    fails: 'handover/no-plants',
  },
  {
    name: 'handovers.make',
    what: 'the record',
    input: ({ recordingId }) => ({ recordingIds: [recordingId], withRecordings: true, by: 'Ada', to: 'Charles' }),
    answers: (output, { recordingId }) =>
      expect(output).toMatchObject({ number: 1, plants: 1, recordingIds: [recordingId] }),
  },
  { name: 'handovers.list', what: 'it', answers: matches([{ number: 1, by: 'Ada' }]) },
  {
    name: 'handovers.file',
    what: 'its archive',
    input: () => ({ number: 1 }),
    answers: async (output, { recordingId }) => {
      const entries = await unpackTar(await (output as File).arrayBuffer());
      const names = entries.map(({ header }) => header.name.slice(header.name.indexOf('/') + 1));
      expect(names).toEqual(expect.arrayContaining(['handover.json.p7s', `recordings/${recordingId}.ndjson.gz`]));
    },
  },
  { name: 'handovers.file', what: 'of none', input: () => ({ number: 2 }), fails: 'handover/not-found' },
  {
    name: 'recordings.delete',
    what: 'it',
    input: ({ recordingId }) => ({ recordingId }),
    answers: equals(undefined),
  },
  {
    name: 'recordings.download',
    what: 'it is gone',
    input: ({ recordingId }) => ({ recordingId }),
    fails: 'recording/not-found',
  },
  {
    name: 'handovers.file',
    what: 'without what it names',
    input: () => ({ number: 1 }),
    fails: 'recording/file-missing',
  },
  {
    name: 'fleet.get',
    what: 'a revoked plant',
    input: () => ({ limit: 1 }),
    answers: matches({ total: 1 }),
  },
  { name: 'brokers.delete', what: 'it', input: ({ brokerId }) => ({ brokerId }), answers: equals(undefined) },
  {
    name: 'policy.saveRules',
    what: 'what is no rules',
    input: () => ({ text: '{"celine":{"mqtt":{"acl":{"rules":[{"subjects":{},"topics":["a/#/b"],"actions":"*"}]}}}}' }),
    fails: 'policy/rules-invalid',
    with: field('celine.mqtt.acl.rules.0.topics.0'),
  },
  {
    name: 'policy.saveRules',
    what: 'rules',
    input: () => ({ text: policyRules, note: 'first' }),
    answers: matches({ version: 1, note: 'first', isActive: false }),
  },
  { name: 'policy.startService', what: 'not without rules in force', fails: 'policy/no-active-rules' },
  {
    name: 'policy.activateRules',
    what: 'the version',
    input: () => ({ version: 1 }),
    answers: matches({ version: 1, isActive: true }),
  },
  { name: 'policy.getRules', what: 'it', input: () => ({ version: 1 }), answers: matches({ text: policyRules }) },
  { name: 'policy.getRules', what: 'another', input: () => ({ version: 2 }), fails: 'policy/version-not-found' },
  {
    name: 'policy.decide',
    what: 'a question',
    input: () => ({
      who: { kind: 'subject', subject: { type: 'user', id: 'ann', groups: ['viewers'], scopes: [] } },
      action: 'subscribe',
      topic: 'plant/+',
    }),
    answers: matches({ decision: { allowed: true, reason: 'rule', rule: 0 }, isSuperuser: false }),
  },
  {
    name: 'policyBroker.renderAcl',
    what: 'the rules as an acl_file',
    input: () => ({
      rules: { version: 1 },
      clients: [{ username: 'ann', subject: { type: 'user', id: 'ann', groups: ['viewers'], scopes: [] } }],
    }),
    answers: matches({ text: expect.stringContaining('\nuser ann\n'), differences: [], more: 0 }),
  },
  {
    name: 'policyBroker.renderAcl',
    what: 'for nobody',
    input: () => ({ rules: { version: 1 }, clients: [] }),
    fails: 'input/invalid',
    with: field('clients'),
  },
  {
    name: 'policyBroker.readAcl',
    what: 'a file as a table',
    input: () => ({ text: 'user ann\ntopic read plant/#\n' }),
    answers: matches({ rows: [{ line: 2, access: 'read', topic: 'plant/#' }], faults: [] }),
  },
  {
    name: 'policyBroker.exportCeline',
    what: 'a broker that asks the rules',
    input: () => ({ host: 'broker.example' }),
    answers: async (output) => {
      expect(output).toBeInstanceOf(File);
      const file = output as File;
      expect(file.name).toBe('voke-broker-broker-example.tar');
      const entries = await unpackTar(await file.arrayBuffer());
      expect(entries.find(({ header }) => header.name.endsWith('policy/service.key'))?.header.mode).toBe(0o600);
    },
  },
  { name: 'policyBroker.exportCeline', what: 'without a name', input: () => ({}), fails: 'input/invalid' },
  { name: 'policy.getService', what: 'it is off', answers: matches({ state: 'stopped', endpoint: null }) },
  { name: 'jobs.get', what: 'an unknown one', input: () => ({ jobId: 'none' }), fails: 'job/not-found' },
  {
    name: 'audit.list',
    what: 'an unbroken chain',
    input: () => ({ limit: 5 }),
    answers: matches({ firstBroken: null }),
  },
  {
    name: 'vault.backup',
    what: 'a file',
    answers: (output, kept) => {
      expect(output).toBeInstanceOf(File);
      kept.backup = output as File;
    },
  },
  {
    name: 'plants.create',
    what: 'what the backup does not know',
    input: () => ({ plantId: nobody, name: 'Late', authMethod: 'MTLS' }),
    answers: matches({ plantId: nobody }),
  },
  {
    name: 'vault.restore',
    what: 'no backup',
    input: () => ({ passphrase, backup: new File(['nothing'], 'x') }),
    fails: 'vault/backup-invalid',
  },
  {
    name: 'vault.restore',
    what: 'the backup',
    input: ({ backup }) => ({ passphrase, backup }),
    answers: equals({ state: 'unlocked' }),
  },
  { name: 'plants.get', what: 'as it was then', input: () => ({ plantId: nobody }), fails: 'plant/not-found' },
  { name: 'plants.get', what: 'still there', input: () => ({ plantId }), answers: matches({ status: 'REVOKED' }) },
];

/** Makes one call of the conversation, and checks its answer or its failure. */
export async function take(step: Call, call: Caller, kept: Conversation): Promise<void> {
  const answer = call(step.name, step.input?.(kept));
  if ('answers' in step) {
    await step.answers(await answer, kept);
    return;
  }
  const failure = await answer.then(
    () => expect.unreachable('it succeeded'),
    (error: CallFailure) => error,
  );
  expect(failure).toMatchObject({ code: step.fails });
  expect(failure.message).not.toBe('');
  step.with?.(failure);
}

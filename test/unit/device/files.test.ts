import { describe, expect, it } from 'vitest';
import { deviceFilesOf, obsoleteNames } from '../../../electron/device/files.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';
import { type ProvisioningPackage, provisioningPackageSchema } from '../../../shared/model/provisioning.ts';

const plantId = 'a1b2c3d4-0000-0000-0000-000000000001';
const secrets = { password: 'pass-w0rd', token: 'eyJ.token', key: 'PRIVATE KEY', hmac: 'h'.repeat(40) };
const topic = (name: string) => `cpi/${plantId}/${name}`;
const common = {
  plantId,
  connection: { broker: 'mqtts://broker.example', port: 8885, useTls: true, clientId: plantId },
  tls: { caCertPem: 'CA CERTIFICATE\n' },
  topics: {
    telemetry: topic('telemetry'),
    command: topic('command'),
    ack: topic('ack'),
    status: topic('status'),
    alarm: topic('alarm'),
  },
  recommended: { qos: 1, keepAlive: 60 },
  hmacSecret: secrets.hmac,
};
const packages: Record<string, ProvisioningPackage> = {
  MTLS: provisioningPackageSchema.parse({
    ...common,
    authMethod: 'MTLS',
    auth: { deviceCertPem: 'CERTIFICATE\n', deviceKeyPem: secrets.key },
  }),
  PASSWORD: provisioningPackageSchema.parse({
    ...common,
    connection: { ...common.connection, clientId: 'plc-a1b2c3d4' },
    authMethod: 'PASSWORD',
    auth: { username: 'plc-a1b2c3d4', password: secrets.password },
  }),
  TOKEN: provisioningPackageSchema.parse({
    ...common,
    authMethod: 'TOKEN',
    auth: { username: plantId, token: secrets.token, expiresAt: '2026-01-01T00:00:00.000Z' },
  }),
};

describe.each([
  ['MTLS', ['ca.crt', 'connection.json', 'device.crt', 'device.key', 'hmac.secret'], ['device.key', 'hmac.secret']],
  ['PASSWORD', ['ca.crt', 'connection.json', 'credentials.json', 'hmac.secret'], ['credentials.json', 'hmac.secret']],
  ['TOKEN', ['ca.crt', 'connection.json', 'hmac.secret', 'token.json'], ['hmac.secret', 'token.json']],
] as const)('the files of a %s plant', (authMethod, names, secretNames) => {
  const files = deviceFilesOf(packages[authMethod] as ProvisioningPackage);

  it('are these, secrets 0600 and the rest 0644', () => {
    expect(files.map(({ name }) => name).sort()).toEqual(names);
    expect(
      files
        .filter(({ mode }) => mode === 0o600)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(secretNames);
    expect(files.every(({ mode }) => mode === 0o600 || mode === 0o644)).toBe(true);
  });

  it('hold no secret that everyone may read', () => {
    const open = files.filter(({ mode }) => mode !== 0o600).map(({ content }) => content);
    for (const secret of Object.values(secrets)) expect(open.join()).not.toContain(secret);
  });

  it('leave nothing of another method', () => {
    const all = [
      'ca.crt',
      'connection.json',
      'credentials.json',
      'device.crt',
      'device.key',
      'hmac.secret',
      'token.json',
    ];
    expect([...obsoleteNames(files), ...names].sort()).toEqual(all);
  });
});

it('write what each method needs', () => {
  const content = (authMethod: string, name: string) =>
    deviceFilesOf(packages[authMethod] as ProvisioningPackage).find((file) => file.name === name)?.content ?? '';
  expect(JSON.parse(content('PASSWORD', 'credentials.json'))).toEqual({
    username: 'plc-a1b2c3d4',
    password: secrets.password,
    clientId: 'plc-a1b2c3d4',
  });
  expect(JSON.parse(content('TOKEN', 'token.json'))).toEqual({
    username: plantId,
    token: secrets.token,
    expiresAt: '2026-01-01T00:00:00.000Z',
  });
  expect(JSON.parse(content('MTLS', 'connection.json'))).toEqual({
    plantId: plantIdSchema.parse(plantId),
    authMethod: 'MTLS',
    broker: 'mqtts://broker.example',
    port: 8885,
    clientId: plantId,
    topics: common.topics,
  });
  expect(content('MTLS', 'hmac.secret')).toBe(secrets.hmac);
});

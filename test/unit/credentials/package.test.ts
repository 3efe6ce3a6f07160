import { expect, test } from 'vitest';
import { buildProvisioningPackage, type PackageAuth } from '../../../electron/credentials/package.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';
import { provisioningPackageSchema } from '../../../shared/model/provisioning.ts';

const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');
const build = (auth: PackageAuth, host = 'mqtt.voke.lovinka.com', useTls = true) =>
  buildProvisioningPackage({
    plantId,
    host,
    port: 8885,
    useTls,
    caCertificatePem: '-----BEGIN CERTIFICATE-----\n',
    auth,
    hmacSecret: 's'.repeat(48),
  });

test('PASSWORD is the JSON of its document, in its order, and the signing secret', () => {
  const built = build({ authMethod: 'PASSWORD', username: 'plc-a1b2c3d4', password: 'Xy7Kq' });
  expect(JSON.stringify(built, null, 2)).toBe(`{
  "plantId": "a1b2c3d4-0000-0000-0000-000000000001",
  "authMethod": "PASSWORD",
  "connection": {
    "broker": "mqtts://mqtt.voke.lovinka.com",
    "port": 8885,
    "useTls": true,
    "clientId": "plc-a1b2c3d4"
  },
  "auth": {
    "username": "plc-a1b2c3d4",
    "password": "Xy7Kq"
  },
  "tls": {
    "caCertPem": "-----BEGIN CERTIFICATE-----\\n"
  },
  "topics": {
    "telemetry": "cpi/a1b2c3d4-0000-0000-0000-000000000001/telemetry",
    "command": "cpi/a1b2c3d4-0000-0000-0000-000000000001/command",
    "ack": "cpi/a1b2c3d4-0000-0000-0000-000000000001/ack",
    "status": "cpi/a1b2c3d4-0000-0000-0000-000000000001/status",
    "alarm": "cpi/a1b2c3d4-0000-0000-0000-000000000001/alarm"
  },
  "recommended": {
    "qos": 1,
    "keepAlive": 60
  },
  "hmacSecret": "${'s'.repeat(48)}"
}`);
});

test.each<PackageAuth>([
  { authMethod: 'MTLS', deviceCertPem: 'certificate', deviceKeyPem: 'key' },
  { authMethod: 'TOKEN', username: plantId, token: 'e.y.J', expiresAt: '2028-02-29T10:11:12.000Z' },
])('$authMethod differs in its auth, and its client id is the UUID', (input) => {
  const { authMethod, ...auth } = input;
  const built = build(input);
  expect(built).toMatchObject({ authMethod, auth, connection: { clientId: plantId } });
  expect(provisioningPackageSchema.parse(built)).toEqual(built);
});

test('a broker without TLS is named as one', () => {
  const built = build({ authMethod: 'PASSWORD', username: 'plc-a1b2c3d4', password: 'Xy7Kq' }, 'site', false);
  expect(built.connection).toMatchObject({ broker: 'mqtt://site', useTls: false });
  expect(provisioningPackageSchema.parse(built)).toEqual(built);
});

test('an IPv6 address stands in brackets', () => {
  const built = build({ authMethod: 'MTLS', deviceCertPem: 'certificate', deviceKeyPem: 'key' }, 'fe80::1');
  expect(built.connection.broker).toBe('mqtts://[fe80::1]');
});

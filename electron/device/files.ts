import {
  type ConnectionFile,
  type CredentialsFile,
  type DeviceFileName,
  deviceFileModes,
  deviceFileNames,
  type TokenFile,
} from '../../shared/model/device-files.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';

/** One file of a deployment: text without NUL, written to the byte. */
export type DeploymentFile = { readonly name: string; readonly mode: number; readonly content: string };

/** The files that a provisioning package becomes on a device, by auth method; `hmac.secret` has no line end. */
export function deviceFilesOf(provisioning: ProvisioningPackage): DeploymentFile[] {
  const { plantId, authMethod, connection, topics } = provisioning;
  const connectionFile: ConnectionFile = {
    plantId,
    authMethod,
    broker: connection.broker,
    port: connection.port,
    clientId: connection.clientId,
    topics,
  };
  return [
    caFileOf(provisioning.tls.caCertPem),
    file('connection.json', json(connectionFile)),
    ...credentialFiles(provisioning),
    file('hmac.secret', provisioning.hmacSecret),
  ];
}

/** What a device trusts brokers by: one certificate, or several. */
export const caFileOf = (caCertPem: string): DeploymentFile => file('ca.crt', caCertPem);

/** Whether the private key of this credential was made on the device, which keeps it to itself. */
export const isKeyOnDevice = (provisioning: ProvisioningPackage): boolean =>
  provisioning.authMethod === 'MTLS' && !('deviceKeyPem' in provisioning.auth);

/** What a device may still hold of another auth method, and must not keep beside `files`. */
export const obsoleteNames = (files: readonly DeploymentFile[]): DeviceFileName[] =>
  deviceFileNames.filter((name) => !files.some((kept) => kept.name === name));

function credentialFiles(provisioning: ProvisioningPackage): DeploymentFile[] {
  switch (provisioning.authMethod) {
    case 'MTLS':
      return [
        file('device.crt', provisioning.auth.deviceCertPem),
        ...('deviceKeyPem' in provisioning.auth ? [file('device.key', provisioning.auth.deviceKeyPem)] : []),
      ];
    case 'PASSWORD': {
      const { username, password } = provisioning.auth;
      const credentials: CredentialsFile = { username, password, clientId: provisioning.connection.clientId };
      return [file('credentials.json', json(credentials))];
    }
    case 'TOKEN': {
      const { username, token, expiresAt } = provisioning.auth;
      const tokenFile: TokenFile = { username, token, expiresAt };
      return [file('token.json', json(tokenFile))];
    }
  }
}

const file = (name: DeviceFileName, content: string): DeploymentFile => ({
  name,
  mode: deviceFileModes[name],
  content,
});
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

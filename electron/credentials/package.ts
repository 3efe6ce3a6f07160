import { mqttUsername, type PlantId } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { plantTopic } from '../../shared/model/topics.ts';

/** The secret part of each method, as it stands in the package, and which method it is. */
export type PackageAuth = {
  [Method in ProvisioningPackage['authMethod']]: { readonly authMethod: Method } & Readonly<
    Extract<ProvisioningPackage, { authMethod: Method }>['auth']
  >;
}[ProvisioningPackage['authMethod']];

/**
 * What is handed to the device: the JSON of Voke's PASSWORD document, in its order of fields, and `hmacSecret`.
 * The client id is the MQTT username: `plc-` + 8 hex digits for PASSWORD, the UUID for the others.
 */
export function buildProvisioningPackage(options: {
  readonly plantId: PlantId;
  /** A name or an address that the broker's certificate holds. */
  readonly host: string;
  /** Of the listener for this method. */
  readonly port: number;
  readonly useTls: boolean;
  readonly caCertificatePem: string;
  readonly auth: PackageAuth;
  readonly hmacSecret: string;
}): ProvisioningPackage {
  const { plantId, host, port, useTls, auth } = options;
  const topic = (name: Parameters<typeof plantTopic>[1]) => plantTopic(plantId, name);
  const connection = {
    broker: `${useTls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}`,
    port,
    useTls,
    clientId: mqttUsername(plantId, auth.authMethod),
  } as const;
  const rest = {
    tls: { caCertPem: options.caCertificatePem },
    topics: {
      telemetry: topic('telemetry'),
      command: topic('command'),
      ack: topic('ack'),
      status: topic('status'),
      alarm: topic('alarm'),
    },
    recommended: { qos: 1, keepAlive: 60 },
    hmacSecret: options.hmacSecret,
  } as const;
  switch (auth.authMethod) {
    case 'PASSWORD': {
      const { authMethod, username, password } = auth;
      return { plantId, authMethod, connection, auth: { username, password }, ...rest };
    }
    case 'MTLS': {
      const { authMethod, ...certificate } = auth;
      return { plantId, authMethod, connection, auth: certificate, ...rest };
    }
    case 'TOKEN': {
      const { authMethod, username, token, expiresAt } = auth;
      return { plantId, authMethod, connection, auth: { username, token, expiresAt }, ...rest };
    }
  }
}

// A plant's connection as its device has it: with the credential that is still in the vault, or, where that was handed
// over, with what the vault remembers of it.

import { isIpAddress } from '../../shared/model/broker.ts';
import type { DiagnosisPermissions } from '../../shared/model/doctor.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { mqttUsername, type PlantId } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import type { Patient, PatientIdentity } from '../broker/doctor/patient.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { authorityFile } from './authority.ts';
import { brokerAddress, type PlantAddress, reachableHost } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { openPackage } from './credential-lifecycle.ts';
import type { DiagnosisPlan } from './diagnose.ts';
import { listenerPorts } from './diagnose-connection.ts';
import { doctorClientId } from './own-sessions.ts';
import { liveStates, requirePlant } from './plants.ts';

/** Throws `plant/not-found`, `credential/not-found`, `broker/not-found`. */
export function planPlantDiagnosis(
  context: OperationContext,
  plantId: PlantId,
  permissions: DiagnosisPermissions,
): DiagnosisPlan {
  const plant = requirePlant(context, plantId);
  const credential = credentialOf(context, plantId);
  const { address, authorityPem, identity } = credential.secretsAvailable
    ? fromPackage(openPackage(context, credential))
    : fromMemory(context, plant, credential);
  const broker = brokerOf(context, address);
  const ownClientId = mqttUsername(plantId, credential.authMethod);
  const patient: Patient = {
    host: broker && broker.host === address.host ? reachableHost(broker) : address.host,
    port: address.port,
    tls: address.useTls ? { authorityPem, serverName: address.host } : undefined,
    identity: { ...identity, clientId: permissions.takesOver ? ownClientId : doctorClientId() },
    protocolVersion: 5,
    reads: plantTopic(plantId, 'command'),
    // Of what a plant says, what nobody keeps or counts: an answer to a command that was never given.
    writes: plantTopic(plantId, 'ack'),
    exchanges: permissions.exchanges,
    payloadBytes: 0,
  };
  return {
    about: plantId,
    subject: plant.name,
    patient,
    ownClientId,
    permissions,
    broker,
    otherPorts: listenerPorts(broker),
    isTokenPort: credential.authMethod === 'TOKEN',
  };
}

/** What can be tried whole goes first, then what lies on the device, then the newest. Throws `credential/not-found`. */
function credentialOf({ vault }: OperationContext, plantId: PlantId): CredentialRow {
  const all = vault.credentials.listForPlant(plantId);
  const live = all.filter(({ state }) => liveStates.includes(state));
  const onDevice = vault.deviceStates.get(plantId)?.credentialId;
  const chosen =
    live.find(({ secretsAvailable }) => secretsAvailable) ??
    all.find(({ credentialId }) => credentialId === onDevice) ??
    live[0] ??
    all[0];
  if (!chosen) throw new ConsoleError('credential/not-found', { details: { plantId } });
  return chosen;
}

type Known = {
  readonly address: PlantAddress;
  readonly authorityPem: string;
  readonly identity: Omit<PatientIdentity, 'clientId'>;
};

function fromPackage(issued: ProvisioningPackage): Known {
  const { broker, port, useTls } = issued.connection;
  const address = { host: broker.replace(/^mqtts?:\/\//, '').replace(/^\[(.*)\]$/, '$1'), port, useTls };
  return { address, authorityPem: issued.tls.caCertPem, identity: identityOf(issued) };
}

function identityOf(issued: ProvisioningPackage): Known['identity'] {
  switch (issued.authMethod) {
    case 'PASSWORD':
      return { username: issued.auth.username, password: issued.auth.password };
    case 'TOKEN':
      return { username: issued.auth.username, password: issued.auth.token };
    case 'MTLS':
      return 'deviceKeyPem' in issued.auth
        ? { certificatePem: issued.auth.deviceCertPem, keyPem: issued.auth.deviceKeyPem }
        : { certificatePem: issued.auth.deviceCertPem, isSecretAway: true };
  }
}

/** As the vault remembers it: nobody can log in by that. */
function fromMemory(context: OperationContext, plant: PlantRow, credential: CredentialRow): Known {
  const { authMethod, brokerId, certificateSerialNumber, passwordHash, credentialId } = credential;
  const address = brokerAddress(context, authMethod, brokerId ?? undefined);
  const trusted = context.vault.credentialTrusts.listForCredentials([credentialId]).get(credentialId) ?? [];
  const pems = trusted.flatMap((id) => context.vault.authorities.get(id)?.certificatePem ?? []);
  const certificatePem =
    certificateSerialNumber === null
      ? undefined
      : context.vault.certificates.get(certificateSerialNumber)?.certificatePem;
  return {
    address,
    authorityPem: pems.length > 0 ? joinPems(pems) : authorityFile(context),
    identity: {
      isSecretAway: true,
      ...(authMethod !== 'MTLS' && { username: plant.username }),
      ...(certificatePem !== undefined && { certificatePem }),
      ...(passwordHash !== null && { passwordHash }),
    },
  };
}

/** The broker that the address is of. */
const brokerOf = ({ vault }: OperationContext, { host, port }: PlantAddress): BrokerRow | undefined => {
  const candidates = vault.brokers.list().filter((row) => row.host === host || row.subjectAltNames.includes(host));
  const hasPort = (row: BrokerRow) => Object.values(row.ports).some((own) => own === port);
  return candidates.find(hasPort) ?? (isIpAddress(host) ? undefined : candidates[0]);
};

// A connection by parameters that somebody entered.

import { localPorts, productionPorts } from '../../shared/model/broker.ts';
import type { Connection, DiagnosisPermissions } from '../../shared/model/doctor.ts';
import { looksLikeToken } from '../broker/doctor/judge-token.ts';
import type { OtherPort } from '../broker/doctor/patient.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { authorityFile } from './authority.ts';
import { reachableHost } from './brokers.ts';
import type { OperationContext } from './context.ts';
import type { DiagnosisPlan } from './diagnose.ts';
import { doctorClientId } from './own-sessions.ts';

/** Where Voke's brokers and Mosquitto's own defaults listen. */
const usualPorts: readonly OtherPort[] = [
  { port: localPorts.mtls, what: 'certificates, local' },
  { port: localPorts.token, what: 'tokens, local' },
  { port: productionPorts.password, what: 'passwords' },
  { port: productionPorts.mtls, what: 'certificates, production' },
  { port: productionPorts.token, what: 'tokens, production' },
  { port: 1883, what: 'without TLS' },
];

const names: Readonly<Record<string, string>> = {
  mtls: 'certificates',
  password: 'passwords',
  token: 'tokens',
  mqtt: 'without TLS',
  webSockets: 'WebSockets',
};

/** The listeners of a broker; where it is not known, the usual ones. */
export const listenerPorts = (broker: BrokerRow | undefined): readonly OtherPort[] =>
  broker ? Object.entries(broker.ports).map(([name, port]) => ({ port, what: names[name] ?? name })) : usualPorts;

/** Throws `authority/not-found` where the connection trusts what plants trust and there is no authority yet. */
export function planDiagnosis(
  context: OperationContext,
  connection: Connection,
  permissions: DiagnosisPermissions,
): DiagnosisPlan {
  const { host, port, useTls, clientId, username, password, certificatePem, keyPem } = connection;
  const broker = brokerAt(context, connection);
  const authorityPem =
    connection.authorityPem === undefined ? authorityFile(context) : (connection.authorityPem ?? undefined);
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    about: address,
    subject: address,
    patient: {
      host,
      port,
      tls: useTls ? { authorityPem, serverName: connection.serverName ?? host } : undefined,
      identity: { clientId: clientId ?? doctorClientId(), username, password, certificatePem, keyPem },
      protocolVersion: connection.protocolVersion,
      reads: connection.reads,
      writes: connection.writes,
      exchanges: permissions.exchanges,
      payloadBytes: connection.payloadBytes,
    },
    ownClientId: clientId,
    permissions,
    broker,
    otherPorts: listenerPorts(broker),
    isTokenPort: port === localPorts.token || port === productionPorts.token || looksLikeToken(password),
  };
}

/** A broker of the register that listens there. */
const brokerAt = ({ vault }: OperationContext, { host, port }: Connection): BrokerRow | undefined =>
  vault.brokers
    .list()
    .find(
      (row) =>
        [row.host, reachableHost(row), ...row.subjectAltNames].includes(host) &&
        Object.values(row.ports).some((own) => own === port),
    );

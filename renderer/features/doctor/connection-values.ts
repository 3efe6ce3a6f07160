// The form of a connection by parameters, and what it asks for.

import { localPorts } from '../../../shared/model/broker.ts';
import { typedNumber } from '../../ui/typed-number.ts';
import type { Asked } from './store.ts';

export type ConnectionValues = {
  readonly host: string;
  /** As it was typed, as is `payloadBytes`. */
  readonly port: string;
  readonly useTls: boolean;
  /** known: what plants shall trust now. own: the file below. none: the client has none. */
  readonly trust: 'known' | 'own' | 'none';
  readonly authorityPem: string;
  readonly serverName: string;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly protocolVersion: '5' | '4';
  readonly reads: string;
  readonly writes: string;
  readonly payloadBytes: string;
};

export const emptyConnection: ConnectionValues = {
  host: '',
  port: String(localPorts.mtls),
  useTls: true,
  trust: 'known',
  authorityPem: '',
  serverName: '',
  certificatePem: '',
  keyPem: '',
  username: '',
  password: '',
  clientId: '',
  protocolVersion: '5',
  reads: '',
  writes: '',
  payloadBytes: '0',
};

type Connection = Extract<Asked, { readonly kind: 'connection' }>['connection'];

/** A field that was left empty is not asked for; what is no number becomes none, which the schema does not take. */
export function connectionOf(values: ConnectionValues): Connection {
  const { host, port, useTls, trust, authorityPem, protocolVersion, payloadBytes } = values;
  const filled = <
    Name extends 'serverName' | 'certificatePem' | 'keyPem' | 'username' | 'password' | 'clientId' | 'reads' | 'writes',
  >(
    name: Name,
  ) => (values[name] === '' ? {} : { [name]: values[name] });
  return {
    host: host.trim(),
    port: typedNumber(port) ?? Number.NaN,
    useTls,
    ...(trust === 'own' && { authorityPem }),
    ...(trust === 'none' && { authorityPem: null }),
    ...filled('serverName'),
    ...filled('certificatePem'),
    ...filled('keyPem'),
    ...filled('username'),
    ...filled('password'),
    ...filled('clientId'),
    ...filled('reads'),
    ...filled('writes'),
    protocolVersion: protocolVersion === '5' ? 5 : 4,
    payloadBytes: typedNumber(payloadBytes) ?? Number.NaN,
  };
}

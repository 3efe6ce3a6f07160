import { useForm } from '@mantine/form';
import type { Broker } from '../../../shared/model/broker.ts';
import { connectionSchema } from '../../../shared/model/doctor.ts';
import { validateWith } from '../../ui/validate-with.ts';
import { type ConnectionValues, connectionOf, emptyConnection } from './connection-values.ts';

/** Begins with a broker's own address, where one is named. */
export const useConnectionForm = (broker: Broker | undefined) =>
  useForm<ConnectionValues>({
    initialValues: broker ? { ...emptyConnection, ...addressOf(broker) } : emptyConnection,
    validate: validateWith(connectionSchema, connectionOf),
  });

export type ConnectionForm = ReturnType<typeof useConnectionForm>;

const addressOf = ({ host, ports, profile }: Broker): Partial<ConnectionValues> => ({
  host,
  port: String('mtls' in ports ? ports.mtls : ports.mqtt),
  useTls: profile === 'voke',
});

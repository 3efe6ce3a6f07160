import type { DockerEngineTls } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { audit, type OperationContext } from './context.ts';

/** Stores, sealed, what an engine on TCP is reached with. Throws `input/invalid` for a broker that needs none. */
export function setEngineTls(context: OperationContext, broker: BrokerRow, tls: DockerEngineTls): void {
  if (broker.target.kind !== 'docker' || broker.target.engine.kind !== 'tcp') {
    throw new ConsoleError('input/invalid', {
      fields: [{ field: 'brokerId', message: 'must be a broker whose Docker engine is reached over TCP' }],
    });
  }
  context.vault.transaction(() => {
    context.vault.brokers.putTargetSecret(broker.brokerId, JSON.stringify(tls));
    audit(context, 'broker.access', broker.brokerId, { kind: 'docker' });
  });
  context.changed('brokers');
}

import type { Broker } from '../../../shared/model/broker.ts';
import { DockerAccess } from './access/DockerAccess.tsx';
import { SshAccess } from './access/SshAccess.tsx';

/** What stands between the console and a broker, for the operator to set up; nothing for one on this machine. */
export function BrokerAccess({ broker }: { broker: Broker }) {
  const { target, access } = broker;
  switch (target.kind) {
    case 'ssh':
      return access && <SshAccess broker={broker} target={target} access={access} />;
    case 'docker':
      return <DockerAccess broker={broker} />;
    case 'process':
    case 'practice':
      return null;
  }
}

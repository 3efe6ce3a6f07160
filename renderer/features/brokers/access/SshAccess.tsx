// What an operator does once for a broker behind SSH, in the order of the way: a login, then the key of each host.

import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { Broker, BrokerAccess, HostRole, SshTargetSettings } from '../../../../shared/model/broker.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import classes from '../../../ui/SetupStep.module.css';
import { SetupStep } from '../../../ui/SetupStep.tsx';
import { HostKeyCheck } from '../../ssh/HostKeyCheck.tsx';
import { SshLogin } from './SshLogin.tsx';

/** What has to do with the way to the broker: then its steps are shown, also when all of them are done. */
const advice: Readonly<Record<string, string>> = {
  'remote/host-key-changed': 'A host shows another key than the one confirmed. Look again at each key below.',
  'remote/authentication-failed': 'The login was refused. Change it in step 1.',
  'remote/wrong-sudo-password': 'sudo refused the password. Change it in step 1.',
  'remote/invalid-private-key': 'The private key cannot be read. Change it in step 1.',
};

const hostWords: Record<HostRole, string> = { jump: 'jump host', broker: 'broker host' };

export function SshAccess({
  broker,
  target,
  access,
}: {
  broker: Broker;
  target: SshTargetSettings;
  access: BrokerAccess;
}) {
  const { client, brokers } = useConsole();
  const [isUnfolded, setUnfolded] = useState(false);
  const [changing, setChanging] = useState<'login' | HostRole | null>(null);
  const { brokerId } = broker;
  const { hasLogin, hostKeys } = access;
  const missing = hasLogin ? (hostKeys.find(({ confirmed }) => confirmed === null)?.role ?? null) : 'login';
  const problem = broker.problem && advice[broker.problem.code];
  const toggle = (step: 'login' | HostRole) => setChanging(changing === step ? null : step);

  if (missing === null && !isUnfolded && !problem) {
    return (
      <div className={classes.folded}>
        <IconKey size={22} aria-hidden />
        <span>
          Access: {wayOf(target)} — login stored, {hostKeys.length > 1 ? 'both host keys' : 'host key'} confirmed
        </span>
        <Button onClick={() => setUnfolded(true)}>
          Change<span className="visually-hidden"> the access</span>
        </Button>
      </div>
    );
  }
  const confirm = async (role: HostRole, fingerprint: string) => {
    await client.brokers.confirmHostKey({ brokerId, role, fingerprint });
    await brokers.getState().refresh();
    setChanging(null);
  };
  return (
    <section aria-label="Access">
      <div className={classes.folded}>
        <IconKey size={22} aria-hidden />
        <span>
          <strong>{missing === null ? 'Access' : 'Set up the access'}</strong> to {wayOf(target)}
        </span>
        {missing === null && !problem && <Button onClick={() => setUnfolded(false)}>Done</Button>}
      </div>
      {problem && <Notice tone="attention">{problem}</Notice>}
      <ol className={classes.steps}>
        <SetupStep
          number={1}
          title="Login"
          isDone={hasLogin}
          isOpen={missing === 'login' || changing === 'login'}
          summary="Stored sealed in the vault"
          onToggle={() => toggle('login')}
        >
          <SshLogin brokerId={brokerId} target={target} onStored={() => setChanging(null)} />
        </SetupStep>
        {hostKeys.map(({ role, host, port, confirmed }, index) => (
          <SetupStep
            key={role}
            number={index + 2}
            title={`Key of the ${hostWords[role]} ${addressOf({ host, port })}`}
            isDone={confirmed !== null}
            isOpen={missing === role || changing === role}
            summary={confirmed ? <span className="mono">SHA256:{confirmed}</span> : 'Not confirmed yet'}
            onToggle={() => toggle(role)}
          >
            <HostKeyCheck
              pinned={confirmed}
              who="The host"
              howToCompare={
                <>
                  Compare it on the host itself:{' '}
                  <span className="mono">ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</span> must say the same.
                </>
              }
              fetchKey={() => client.brokers.fetchHostKey({ brokerId, role })}
              confirmKey={(fingerprint) => confirm(role, fingerprint)}
            />
          </SetupStep>
        ))}
      </ol>
    </section>
  );
}

const addressOf = ({ host, port }: { host: string; port: number }): string => {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 22 ? name : `${name}:${port}`;
};

const wayOf = (target: SshTargetSettings): string => {
  const end = `${target.username}@${addressOf(target)}`;
  return target.jump ? `${end} through ${target.jump.username}@${addressOf(target.jump)}` : end;
};

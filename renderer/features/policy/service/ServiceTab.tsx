import { Button, Group } from '@mantine/core';
import { IconAlertOctagon, IconPlayerPlay, IconPlayerStop, IconPlugConnected, IconPlugX } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { PolicyService } from '../../../../shared/model/policy-service.ts';
import { useConsole } from '../../../app/console-context.tsx';
import layout from '../../../ui/layout.module.css';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { Fact, Facts, Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { SignBadge, type StatusSign } from '../../../ui/StatusBadge.tsx';
import { dateTime } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { PracticePolicyPanel } from './PracticePolicyPanel.tsx';
import { ServiceSettings } from './ServiceSettings.tsx';

const signs: Record<PolicyService['state'], StatusSign> = {
  stopped: { tone: 'off', icon: IconPlugX, word: 'Off' },
  running: { tone: 'normal', icon: IconPlugConnected, word: 'Running' },
  failed: { tone: 'fault', icon: IconAlertOctagon, word: 'Failed' },
};

/** Where the rules in force are asked: by real brokers, and by the practice broker. */
export function ServiceTab() {
  const { service, refresh } = useStore(useConsole().policy);
  return (
    <div className={layout.columns}>
      <SnapshotView snapshot={service} onRetry={() => void refresh()}>
        {(known) => <ServicePanel service={known} />}
      </SnapshotView>
      <PracticePolicyPanel />
    </div>
  );
}

function ServicePanel({ service }: { service: PolicyService }) {
  const { startService, stopService } = useStore(useConsole().policy);
  const [isEditing, setEditing] = useState(false);
  const switching = useAction();
  const { settings, state, endpoint, version, problem, startedAt, counts } = service;
  const isOff = state === 'stopped';
  return (
    <Panel title="Policy service" actions={<SignBadge sign={signs[state]} />}>
      <div>
        Brokers with mosquitto-go-auth ask it for every login, publish and subscription. It answers by the rules in
        force.
      </div>
      {problem && <Notice tone="fault">{problem}</Notice>}
      {version === null && <Notice tone="attention">No rules are in force, so it denies everybody.</Notice>}
      <Facts>
        <Fact name="Address">
          <span className="mono">
            {endpoint
              ? `${endpoint.isTls ? 'https' : 'http'}://${endpoint.address}:${endpoint.port}`
              : `${settings.address}:${settings.port}`}
          </span>
        </Fact>
        <Fact name="Tokens by">{keyWords[settings.keys.kind]}</Fact>
        <Fact name="Rules">{version === null ? 'none' : `version ${version}`}</Fact>
        {startedAt && (
          <>
            <Fact name="Since">{dateTime(startedAt)}</Fact>
            <Fact name="Answers">
              {counts.allowed} allowed, {counts.denied} denied, {counts.notUnderstood} not understood
            </Fact>
          </>
        )}
      </Facts>
      {switching.failure && <FailureNotice failure={switching.failure} />}
      <Group gap={10}>
        <Button
          variant={isOff ? 'filled' : 'default'}
          loading={switching.isBusy}
          leftSection={isOff ? <IconPlayerPlay size={20} aria-hidden /> : <IconPlayerStop size={20} aria-hidden />}
          onClick={() => void switching.run(isOff ? startService : stopService)}
        >
          {isOff ? 'Start' : 'Stop'}
        </Button>
        <Button onClick={() => setEditing(true)}>Settings…</Button>
      </Group>
      {isEditing && <ServiceSettings settings={settings} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

const keyWords: Record<PolicyService['settings']['keys']['kind'], string> = {
  console: 'the token keys of this console',
  pem: 'a public key (PEM)',
  'jwk-set': 'a JWK set',
  address: 'a JWK set that is fetched',
};

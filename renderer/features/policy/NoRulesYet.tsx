import { Button, Group } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ImportRules } from './ImportRules.tsx';
import { emptyRules, exampleRules } from './starting-rules.ts';

export function NoRulesYet() {
  const begin = useStore(useConsole().policy, (store) => store.begin);
  return (
    <EmptyState
      icon={IconShieldLock}
      title="No rules yet"
      action={
        <Group>
          <ImportRules />
          <Button onClick={() => begin(emptyRules)}>Start with none</Button>
          <Button variant="filled" onClick={() => begin(exampleRules)}>
            Start with an example
          </Button>
        </Group>
      }
    >
      Rules say which groups, scopes and ids may subscribe, read and publish on which topics. Open a celine.json of your
      platform, or begin here. Nothing is in force before you say so.
    </EmptyState>
  );
}

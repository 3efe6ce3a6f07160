import { Button, Group, Table } from '@mantine/core';
import { IconBell, IconBellOff, IconEarOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { AlertRule, DeafRule } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SignBadge, type StatusSign } from '../../ui/StatusBadge.tsx';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import classes from './Alerts.module.css';
import { RuleDialog } from './RuleDialog.tsx';
import { conditionWords, deafWords, isOfBroker } from './words.ts';

/** What the operator wants to be told of. */
export function RulesPanel({ rules, deaf }: { rules: readonly AlertRule[]; deaf: readonly DeafRule[] }) {
  const { client, alerts, plants, brokers } = useConsole();
  const knownPlants = readyValue(useStore(plants).register)?.items ?? [];
  const knownBrokers = readyValue(useStore(brokers).list) ?? [];
  const isNarrow = useIsNarrow();
  const [edited, setEdited] = useState<AlertRule | 'new' | null>(null);
  const [deleted, setDeleted] = useState<AlertRule | null>(null);
  const nameOf = (id: string) => knownPlants.find(({ plantId }) => plantId === id)?.name ?? 'A plant that is gone';
  const brokerOf = (id: string | null) =>
    id === null ? 'Every' : (knownBrokers.find(({ brokerId }) => brokerId === id)?.name ?? 'Gone');
  return (
    <Panel
      title="Rules"
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited('new')}>
          Add rule
        </Button>
      }
    >
      {rules.length === 0 ? (
        <p className={classes.dim}>There is no rule yet, so nothing raises an alert.</p>
      ) : (
        <div className={classes.table}>
          <Table verticalSpacing={8} aria-label="Rules">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Alert when</Table.Th>
                <Table.Th>Broker</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rules.map((rule) => (
                <Table.Tr key={rule.ruleId}>
                  <Table.Td className={classes.text}>{rule.name}</Table.Td>
                  <Table.Td className={classes.text}>
                    {conditionWords(rule.condition, nameOf)}
                    <Deaf deaf={deaf.filter((one) => one.ruleId === rule.ruleId && !isOfBroker(one))} />
                  </Table.Td>
                  <Table.Td className={classes.text}>{brokerOf(rule.brokerId)}</Table.Td>
                  <Table.Td>
                    <SignBadge
                      sign={ruleSign(
                        rule,
                        deaf.some(({ ruleId }) => ruleId === rule.ruleId),
                      )}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Group gap={8} justify="flex-end" wrap={isNarrow ? 'wrap' : 'nowrap'}>
                      <Button onClick={() => setEdited(rule)}>Change</Button>
                      <Button onClick={() => setDeleted(rule)}>Delete</Button>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {edited && <RuleDialog rule={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
      {deleted && (
        <ConfirmDialog
          title="Delete rule"
          action="Delete"
          onClose={() => setDeleted(null)}
          onConfirm={async () => {
            await client.alerts.deleteRule({ ruleId: deleted.ruleId });
            void alerts.getState().refresh();
          }}
        >
          <p>Delete “{deleted.name}”? Its open alerts end; the log keeps them.</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function ruleSign({ isEnabled }: AlertRule, isDeaf: boolean): StatusSign {
  if (!isEnabled) return { tone: 'off', icon: IconBellOff, word: 'Off' };
  return isDeaf
    ? { tone: 'attention', icon: IconEarOff, word: 'Hears not all' }
    : { tone: 'normal', icon: IconBell, word: 'In force' };
}

function Deaf({ deaf }: { deaf: readonly DeafRule[] }) {
  if (deaf.length === 0) return null;
  return (
    <ul className={classes.deaf}>
      {deaf.map((one) => (
        <li key={`${one.brokerName} ${one.why}`}>{deafWords(one)}</li>
      ))}
    </ul>
  );
}

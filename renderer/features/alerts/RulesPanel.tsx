import { Button, Group, Table } from '@mantine/core';
import { IconBell, IconBellOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { AlertRule } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import classes from './Alerts.module.css';
import { RuleDialog } from './RuleDialog.tsx';
import { conditionWords } from './words.ts';

/** What the operator wants to be told of. */
export function RulesPanel({ rules }: { rules: readonly AlertRule[] }) {
  const { client, alerts, plants, brokers } = useConsole();
  const knownPlants = readyValue(useStore(plants).register)?.items ?? [];
  const knownBrokers = readyValue(useStore(brokers).list) ?? [];
  const [edited, setEdited] = useState<AlertRule | 'new' | null>(null);
  const [deleted, setDeleted] = useState<AlertRule | null>(null);
  const nameOf = (id: string) => knownPlants.find(({ plantId }) => plantId === id)?.name ?? 'A plant that is gone';
  const brokerOf = (id: string | null) =>
    id === null ? 'Any' : (knownBrokers.find(({ brokerId }) => brokerId === id)?.name ?? 'Gone');
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
                  <Table.Td className={classes.text}>{conditionWords(rule.condition, nameOf)}</Table.Td>
                  <Table.Td className={classes.text}>{brokerOf(rule.brokerId)}</Table.Td>
                  <Table.Td>
                    <StatusBadge
                      tone={rule.isEnabled ? 'normal' : 'off'}
                      icon={rule.isEnabled ? IconBell : IconBellOff}
                    >
                      {rule.isEnabled ? 'In force' : 'Off'}
                    </StatusBadge>
                  </Table.Td>
                  <Table.Td>
                    <Group gap={8} justify="flex-end" wrap="nowrap">
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

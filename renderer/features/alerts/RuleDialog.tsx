import { Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useStore } from 'zustand';
import { type AlertRule, alertRuleKinds } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { useAction } from '../../ui/use-action.ts';
import classes from './Alerts.module.css';
import { anyBroker, type RuleValues, ruleErrors, ruleInput, valuesOf } from './rule-form.ts';
import { kindWords } from './words.ts';

/** Adds a rule, or changes the one that is given. */
export function RuleDialog({ rule, onClose }: { rule?: AlertRule | undefined; onClose: () => void }) {
  const { client, alerts, brokers } = useConsole();
  const known = readyValue(useStore(brokers).list) ?? [];
  const saving = useAction();
  const form = useRuleForm(rule);
  const save = async (values: RuleValues) => {
    const input = ruleInput(values);
    const isSaved = await saving.run(() =>
      rule ? client.alerts.changeRule({ ...input, ruleId: rule.ruleId }) : client.alerts.addRule(input),
    );
    if (!isSaved) return;
    void alerts.getState().refresh();
    onClose();
  };
  return (
    <Dialog
      onClose={onClose}
      title={rule ? 'Change rule' : 'Add rule'}
      size="lg"
      classNames={{ content: classes.rule }}
    >
      <form noValidate onSubmit={form.onSubmit((values) => void save(values))}>
        <Stack>
          <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
          <Group grow align="flex-start">
            <Select
              label="Alert when"
              allowDeselect={false}
              data={alertRuleKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
              {...form.getInputProps('kind')}
            />
            <Select
              label="Broker"
              allowDeselect={false}
              data={[
                { value: anyBroker, label: 'Every broker' },
                ...known.map(({ brokerId, name }) => ({ value: brokerId, label: name })),
              ]}
              {...form.getInputProps('brokerId')}
            />
          </Group>
          {form.values.kind === 'silent' && <SilenceFields form={form} />}
          {form.values.kind === 'value' && <ValueFields form={form} />}
          {form.values.kind === 'alarm' && (
            <TextInput
              label="Severities"
              description="As plants write them, separated by commas; empty: all. An alarm that names none always counts."
              placeholder="MAJOR, CRITICAL"
              {...form.getInputProps('severities')}
            />
          )}
          {form.values.kind === 'refused' && (
            <p className={classes.dim}>
              Read from the log of the broker. On another machine, the login that its pushes use must be allowed to read
              it.
            </p>
          )}
          <Checkbox label="In force" {...form.getInputProps('isEnabled', { type: 'checkbox' })} />
          <div className={classes.end}>
            <FormEnd action={saving} submit="Save" onCancel={onClose} />
          </div>
        </Stack>
      </form>
    </Dialog>
  );
}

const useRuleForm = (rule: AlertRule | undefined) => useForm({ initialValues: valuesOf(rule), validate: ruleErrors });

type Form = ReturnType<typeof useRuleForm>;

function SilenceFields({ form }: { form: Form }) {
  const plants = readyValue(useStore(useConsole().plants).register)?.items ?? [];
  return (
    <>
      <Select
        label="Whose silence"
        allowDeselect={false}
        data={[
          { value: 'all', label: 'Every active plant' },
          { value: 'site', label: 'Plants of a site' },
          { value: 'plant', label: 'One plant' },
        ]}
        {...form.getInputProps('scope')}
      />
      {form.values.scope === 'site' && <TextInput label="Site" required {...form.getInputProps('site')} />}
      {form.values.scope === 'plant' && (
        <Select
          label="Plant"
          searchable
          limit={50}
          data={plants.map(({ plantId, name }) => ({ value: plantId as string, label: name }))}
          {...form.getInputProps('plantId')}
        />
      )}
      <TextInput label="Silent for more than" rightSection="s" inputMode="numeric" {...form.getInputProps('seconds')} />
    </>
  );
}

function ValueFields({ form }: { form: Form }) {
  return (
    <>
      <TextInput
        label="Topic filter"
        description="What plants send is always heard; topics that do not begin with cpi/ only while Live topics listens to them"
        classNames={{ input: 'mono' }}
        spellCheck={false}
        required
        {...form.getInputProps('filter')}
      />
      <TextInput
        label="Number in the payload"
        description="JSON Pointer, such as /devices/0/values/temperature; empty: the payload itself"
        spellCheck={false}
        {...form.getInputProps('pointer')}
      />
      <Group grow align="flex-start">
        <Select
          label="Is"
          allowDeselect={false}
          data={[
            { value: 'above', label: 'above' },
            { value: 'below', label: 'below' },
          ]}
          {...form.getInputProps('direction')}
        />
        <TextInput label="Limit" required inputMode="decimal" {...form.getInputProps('limit')} />
        <TextInput label="Ends when back by" inputMode="decimal" {...form.getInputProps('hysteresis')} />
      </Group>
    </>
  );
}

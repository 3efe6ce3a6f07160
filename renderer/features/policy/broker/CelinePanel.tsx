// A broker that asks the rules, as files: for a machine that this console need not reach.

import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import {
  type CelineMode,
  celineExportSchema,
  celineModes,
  documentVariantNotice,
} from '../../../../shared/model/policy-celine.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useAction } from '../../../ui/use-action.ts';
import { validateWith } from '../../../ui/validate-with.ts';
import classes from '../Policy.module.css';
import own from './Broker.module.css';

type Values = {
  readonly mode: CelineMode;
  readonly host: string;
  readonly tls: number | string;
  readonly plain: number | string;
  readonly cacheSeconds: number | string;
  readonly mosquitto: '2.0' | '2.1';
  readonly image: string;
};

const modeWords: Record<CelineMode, string> = {
  http: "The token's subject as username, the token as password",
  jwt: 'The token as username, any password',
  document: 'As the CELINE document: cannot log in',
};

const { image, mosquitto } = celineExportSchema.parse({ host: 'host' });
const initialValues: Values = { mode: 'http', host: '', tls: 8883, plain: '', cacheSeconds: 30, mosquitto, image };
const inputOf = ({ tls, plain, ...rest }: Values) => ({ ...rest, ports: { tls, plain: plain === '' ? null : plain } });

export function CelinePanel() {
  const { client, policy } = useConsole();
  const versions = useStore(policy, (store) => store.versions);
  const active = readyValue(versions)?.find(({ isActive }) => isActive)?.version;
  const saving = useAction();
  const form = useForm<Values>({ initialValues, validate: validateWith(celineExportSchema, inputOf) });
  const { mode, plain, mosquitto: line } = form.values;
  const save = (values: Values) =>
    saving.run(async () => {
      const file = await client.policyBroker.exportCeline(celineExportSchema.parse(inputOf(values)));
      saveFile(file, file.name);
      notifications.show({ message: 'Saved. Delete the file when it is installed: it holds private keys.' });
    });
  return (
    <Panel title="A broker that asks the rules">
      <form onSubmit={form.onSubmit((values) => void save(values))}>
        <Stack>
          <div>
            A tar with all that goes into it: Mosquitto with mosquitto-go-auth, the policy service with the rules in
            force and the keys that tokens are checked by, certificates by the authority, a compose file and how to
            install them. It runs without this console.
          </div>
          <Select
            label="Clients log in with"
            allowDeselect={false}
            data={celineModes.map((value) => ({ value, label: modeWords[value] }))}
            {...form.getInputProps('mode')}
          />
          {mode === 'document' && <Notice tone="fault">{documentVariantNotice}</Notice>}
          <div className={own.fields}>
            <TextInput
              className={classes.words}
              label="What clients call the broker"
              description="The name in its certificate"
              spellCheck={false}
              autoComplete="off"
              {...form.getInputProps('host')}
            />
            <NumberField label="Port with TLS" {...form.getInputProps('tls')} error={form.errors['ports.tls']} />
            <NumberField
              label="Port without TLS"
              placeholder="none"
              {...form.getInputProps('plain')}
              error={form.errors['ports.plain'] ?? form.errors.ports}
            />
            <NumberField
              label="Reuse an answer for (seconds)"
              description="0 asks every time, without redis"
              {...form.getInputProps('cacheSeconds')}
            />
          </div>
          {plain !== '' && (
            <Notice tone="attention">
              Without TLS tokens can be read on the way. Use such a port on a network of its own only.
            </Notice>
          )}
          <div className={own.fields}>
            <TextInput
              className={classes.words}
              label="Image"
              description="mosquitto-go-auth, with the Mosquitto that it was built for"
              spellCheck={false}
              autoComplete="off"
              classNames={{ input: 'mono' }}
              {...form.getInputProps('image')}
            />
            <Select
              label="Mosquitto in it"
              allowDeselect={false}
              data={[
                { value: '2.0', label: '2.0' },
                { value: '2.1', label: '2.1 or later' },
              ]}
              {...form.getInputProps('mosquitto')}
            />
          </div>
          {line === '2.0' && form.values.image === image && (
            <Notice tone="attention">The image that is named has Mosquitto 2.1. Name one with 2.0.</Notice>
          )}
          {active === undefined && <Notice tone="attention">No rules are in force. Put some in force first.</Notice>}
          {saving.failure && <FailureNotice failure={saving.failure} />}
          <div className={classes.bar}>
            <Button
              type="submit"
              variant="filled"
              disabled={active === undefined}
              loading={saving.isBusy}
              leftSection={<IconDownload size={20} aria-hidden />}
            >
              Save the broker's files
            </Button>
            {active !== undefined && <span className={classes.dim}>with version {active} of the rules</span>}
          </div>
        </Stack>
      </form>
    </Panel>
  );
}

// What a Docker engine on TCP is reached with. It goes to the core, which keeps it sealed, and leaves this form then.

import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type DockerEngineTls, dockerEngineTlsSchema } from '../../../../shared/model/broker.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { formErrors, toFailure } from '../../../failure.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { PemField } from '../../../ui/PemField.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { validateWith } from '../../../ui/validate-with.ts';

const nothingEntered = (): DockerEngineTls => ({ authorityPem: '', certificatePem: '', keyPem: '' });

export function EngineTls({ brokerId, onStored }: { brokerId: string; onStored: () => void }) {
  const { client, brokers } = useConsole();
  const storing = useAction();
  const form = useForm<DockerEngineTls>({
    initialValues: nothingEntered(),
    validate: validateWith(dockerEngineTlsSchema, (values: DockerEngineTls) => values),
  });
  const store = async (tls: DockerEngineTls) => {
    try {
      await client.brokers.setEngineTls({ brokerId, tls });
    } catch (error) {
      form.setErrors(formErrors(toFailure(error), 'tls.'));
      throw error;
    }
    form.setValues(nothingEntered());
    await brokers.getState().refresh();
    onStored();
  };
  const field = (name: keyof DockerEngineTls, label: string, fileName: string) => {
    const { value, onChange, error } = form.getInputProps(name);
    return (
      <PemField label={label} description={`Usually ${fileName}`} value={value} onChange={onChange} error={error} />
    );
  };
  return (
    <form autoComplete="off" onSubmit={form.onSubmit((values) => void storing.run(() => store(values)))}>
      <Stack>
        {field('authorityPem', "Authority of the engine's certificate", 'ca.pem')}
        {field('certificatePem', "The console's certificate", 'cert.pem')}
        {field('keyPem', "The console's key", 'key.pem')}
        {storing.failure && <FailureNotice failure={storing.failure} />}
        <Group justify="flex-end">
          <Button type="submit" variant="filled" loading={storing.isBusy}>
            Store certificates
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

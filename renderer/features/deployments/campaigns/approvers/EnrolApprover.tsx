import { PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { z } from 'zod';
import { approvalCodeSchema } from '../../../../../shared/model/campaign.ts';
import { labelSchema } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { FormEnd } from '../../../../ui/FormEnd.tsx';
import { useAction } from '../../../../ui/use-action.ts';
import { validateWith } from '../../../../ui/validate-with.ts';

type Values = { name: string; code: string; again: string };

const inputSchema = z
  .object({ name: labelSchema, code: approvalCodeSchema, again: z.string() })
  .refine(({ code, again }) => code === again, { path: ['again'], message: 'is not the same' });

/** Somebody enrols at this console, and types the code themselves. */
export function EnrolApprover({ onClose }: { onClose: () => void }) {
  const { client } = useConsole();
  const enrolling = useAction();
  const form = useForm<Values>({
    initialValues: { name: '', code: '', again: '' },
    validate: validateWith(inputSchema, (values: Values) => values),
  });
  const enrol = async ({ name, code }: Values) => {
    if (await enrolling.run(() => client.campaigns.addApprover({ name: name.trim(), code }))) onClose();
  };
  return (
    <Dialog onClose={onClose} title="Enrol an approver" size="lg">
      <form onSubmit={form.onSubmit((values) => void enrol(values))}>
        <Stack>
          <div>Let the approver type their code themselves: nobody else should know it.</div>
          <TextInput
            label="Name"
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('name')}
          />
          <PasswordInput
            label="Code"
            description="At least 8 characters. It cannot be shown again; a forgotten one means removing and enrolling anew."
            autoComplete="new-password"
            {...form.getInputProps('code')}
          />
          <PasswordInput label="Code again" autoComplete="new-password" {...form.getInputProps('again')} />
          <FormEnd action={enrolling} submit="Enrol" onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}

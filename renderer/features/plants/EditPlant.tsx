import { Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { authMethods, type Plant, plantInputSchema } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { formErrors, toFailure } from '../../failure.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { useAction } from '../../ui/use-action.ts';
import { validateWith } from '../../ui/validate-with.ts';
import { methodWords } from './words.tsx';

/** Changes name, site and auth method. Whether the method may change now is the core's answer. */
export function EditPlant({ plant, onClose }: { plant: Plant; onClose: () => void }) {
  const { client, plantDetail } = useConsole();
  const saving = useAction();
  const form = useForm({
    initialValues: { name: plant.name, site: plant.site ?? '', authMethod: plant.authMethod },
    validate: validateWith(plantInputSchema, (values) => ({ ...values, site: values.site.trim() || null })),
  });
  const save = async ({ name, site, authMethod }: typeof form.values) => {
    try {
      await client.plants.update({
        plantId: plant.plantId,
        name,
        site: site.trim() || null,
        ...(authMethod !== plant.authMethod && { authMethod }),
      });
      await plantDetail.getState().refresh();
      onClose();
    } catch (error) {
      form.setErrors(formErrors(toFailure(error)));
      throw error;
    }
  };
  return (
    <Dialog onClose={onClose} title="Edit plant">
      <form onSubmit={form.onSubmit((values) => void saving.run(() => save(values)))}>
        <Stack>
          <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
          <TextInput label="Site" description="Optional" {...form.getInputProps('site')} />
          <Select
            label="Auth method"
            description="Can change while no credential is in force"
            data={authMethods.map((method) => ({ value: method, label: methodWords[method] }))}
            {...form.getInputProps('authMethod')}
          />
          <FormEnd action={saving} submit="Save" onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}

import { Drawer, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type AuthMethod, authMethods, plantInputSchema } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import { formErrors, toFailure } from '../../failure.ts';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { useAction } from '../../ui/use-action.ts';
import { validateWith } from '../../ui/validate-with.ts';
import classes from './PlantsScreen.module.css';
import { methodExplanations, methodWords } from './words.tsx';

type Values = { name: string; site: string; authMethod: AuthMethod; plantId: string };

const inputOf = ({ name, site, authMethod, plantId }: Values) => ({
  name,
  authMethod,
  ...(site.trim() && { site }),
  ...(plantId.trim() && { plantId: plantId.trim() }),
});

/** Registers a plant and opens it, where its credential is issued next. */
export function AddPlant({ onClose }: { onClose: () => void }) {
  const { client, plants } = useConsole();
  const adding = useAction();
  const form = useForm<Values>({
    initialValues: { name: '', site: '', authMethod: 'MTLS', plantId: '' },
    validate: validateWith(plantInputSchema, inputOf),
  });
  const add = async (values: Values) => {
    try {
      const { plantId } = await client.plants.create(plantInputSchema.parse(inputOf(values)));
      await plants.getState().refresh();
      onClose();
      navigate(href('plants', plantId, 'security'));
    } catch (error) {
      form.setErrors(formErrors(toFailure(error)));
      throw error;
    }
  };
  return (
    <Drawer opened onClose={onClose} title="Add plant" size={480}>
      <form onSubmit={form.onSubmit((values) => void adding.run(() => add(values)))}>
        <Stack>
          <TextInput
            label="Name"
            description="How you call it on site, such as “Pump station 4”"
            required
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput label="Site" description="Optional" {...form.getInputProps('site')} />
          <Radio.Group size="md" label="How it proves itself" {...form.getInputProps('authMethod')}>
            <div className={classes.methods}>
              {authMethods.map((method) => (
                <Radio
                  key={method}
                  value={method}
                  size="md"
                  label={methodWords[method]}
                  description={methodExplanations[method]}
                />
              ))}
            </div>
          </Radio.Group>
          <TextInput
            label="Plant id"
            description="Optional: a UUID that the plant already has elsewhere. Left empty, one is made."
            placeholder="00000000-0000-0000-0000-000000000000"
            spellCheck={false}
            {...form.getInputProps('plantId')}
          />
          <FormEnd action={adding} submit="Add plant" onCancel={onClose} />
        </Stack>
      </form>
    </Drawer>
  );
}

import { useForm } from '@mantine/form';
import { brokerInputSchema } from '../../../../shared/model/broker.ts';
import { validateWith } from '../../../ui/validate-with.ts';
import { type AddBrokerValues, emptyValues, inputOf } from './values.ts';

/** The form of a new broker, checked by the contract's own schema. */
export const useAddBrokerForm = () =>
  useForm<AddBrokerValues>({
    initialValues: emptyValues(),
    validate: validateWith(brokerInputSchema, inputOf),
  });

export type AddBrokerForm = ReturnType<typeof useAddBrokerForm>;

/**
 * The props of a field: `value` names it in the form, `input` what it becomes in the contract's input, under which its
 * error is told.
 */
export function fieldOf(form: AddBrokerForm, value: string, input: string, type: 'input' | 'checkbox' = 'input') {
  const props = form.getInputProps(value, { type });
  return {
    ...props,
    error: form.errors[input] ?? null,
    // What is being corrected is not complained about.
    onChange: (change: unknown) => {
      props.onChange(change);
      form.clearFieldError(input);
    },
  };
}

/** Whether one of these fields of the contract's input has an error, so that it must be seen. */
export const hasErrorAt = (form: AddBrokerForm, ...inputs: readonly string[]): boolean =>
  Object.keys(form.errors).some((field) => inputs.some((input) => field === input || field.startsWith(`${input}.`)));

import { type InputWrapperProps, Select, TextInput } from '@mantine/core';
import { deviceCertificateDefaults, leafKeyAlgorithms } from '../../../../shared/model/certificate.ts';
import { maxLeafDays } from '../../../../shared/model/leaf-validity.ts';
import { NumberField } from '../../../ui/NumberField.tsx';
import { ends, type Wishes } from './wishes.ts';

const endWords: Record<Wishes['end'], string> = {
  default: `${deviceCertificateDefaults.validityDays} days at most`,
  days: 'After some days…',
  authority: 'With the authority',
  date: 'On a date…',
  none: 'No well-defined end (99991231235959Z)',
};

/** Explanations stand below, so that the inputs line up where the fields stand side by side. */
const inputWrapperOrder: NonNullable<InputWrapperProps['inputWrapperOrder']> = [
  'label',
  'input',
  'description',
  'error',
];

type Fields = { readonly wishes: Wishes; readonly onChange: (wishes: Wishes) => void };

export function KeyField({ wishes, onChange }: Fields) {
  const { keyAlgorithm } = wishes;
  return (
    <Select
      label="Kind of key"
      inputWrapperOrder={inputWrapperOrder}
      description="RSA 2048 is what every controller understands. Ed25519 needs a TLS of 2018 or later."
      value={keyAlgorithm}
      data={[...leafKeyAlgorithms]}
      allowDeselect={false}
      onChange={(value) =>
        onChange({ ...wishes, keyAlgorithm: leafKeyAlgorithms.find((known) => known === value) ?? keyAlgorithm })
      }
    />
  );
}

/** From when until when certificates are good. */
export function ValidityFields({ wishes, onChange }: Fields) {
  const { end, days, endDate, beginDate } = wishes;
  const change = (changed: Partial<Wishes>) => onChange({ ...wishes, ...changed });
  return (
    <>
      <Select
        label="Ends"
        value={end}
        data={ends.map((value) => ({ value, label: endWords[value] }))}
        allowDeselect={false}
        onChange={(value) => change({ end: ends.find((known) => known === value) ?? end })}
      />
      {end === 'days' && (
        <NumberField
          label="Days from now"
          min={1}
          max={maxLeafDays}
          value={days}
          onChange={(value) => change({ days: value })}
        />
      )}
      {end === 'date' && (
        <TextInput
          type="date"
          label="Last day"
          value={endDate}
          onChange={(event) => change({ endDate: event.currentTarget.value })}
        />
      )}
      <TextInput
        type="date"
        label="Begins on"
        inputWrapperOrder={inputWrapperOrder}
        description="Left empty, it begins with the authority: controllers boot with a clock in the past."
        value={beginDate}
        onChange={(event) => change({ beginDate: event.currentTarget.value })}
      />
    </>
  );
}

import { useForm } from '@mantine/form';
import { type CampaignSettings, campaignSettingsSchema } from '../../../../../shared/model/campaign.ts';
import type { OverrulableCheck } from '../../../../../shared/model/preflight.ts';
import { date } from '../../../../ui/time.ts';
import { validateWith } from '../../../../ui/validate-with.ts';

export type SettingsValues = {
  name: string;
  isVerified: boolean;
  seconds: number | string;
  otherwise: 'keep' | 'rollBack';
  parallel: number | string;
  hasWindow: boolean;
  /** As `datetime-local` fields have it, in the time of this machine: `2026-03-09T22:00`; empty for open ends. */
  from: string;
  until: string;
  needsApproval: boolean;
  overrule: OverrulableCheck[];
};

const initialSettings = (): SettingsValues => ({
  name: `Rotation ${date(new Date().toISOString())}`,
  isVerified: true,
  seconds: 60,
  otherwise: 'keep',
  parallel: 16,
  hasWindow: false,
  from: '',
  until: '',
  needsApproval: false,
  overrule: [],
});

/** A local moment as the contract has it; null where nothing, or no moment, was entered. */
function moment(local: string): string | null {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export const settingsInput = (values: SettingsValues) => ({
  name: values.name,
  verify: values.isVerified ? { seconds: values.seconds, otherwise: values.otherwise } : null,
  parallel: values.parallel,
  notBefore: values.hasWindow ? moment(values.from) : null,
  notAfter: values.hasWindow ? moment(values.until) : null,
  needsApproval: values.needsApproval,
  overrule: values.overrule,
});

const byContract = validateWith<SettingsValues>(campaignSettingsSchema, settingsInput);

/** By the contract's field names, such as `notAfter`. A window that is over already is refused here: it could never begin. */
function settingsErrors(values: SettingsValues): Record<string, string> {
  const errors = byContract(values);
  const { notBefore, notAfter } = settingsInput(values);
  if (notAfter !== null && Date.parse(notAfter) <= Date.now()) errors.notAfter ??= 'is past already';
  if (values.hasWindow && notBefore === null && notAfter === null) {
    errors.notBefore ??= 'needs a beginning, an end, or both';
  }
  return errors;
}

/** Throws when they do not fit. */
export const settingsOf = (values: SettingsValues): CampaignSettings =>
  campaignSettingsSchema.parse(settingsInput(values));

export const useSettingsForm = () =>
  useForm<SettingsValues>({ initialValues: initialSettings(), validate: settingsErrors });

export type SettingsForm = ReturnType<typeof useSettingsForm>;

/** The props of a field: `value` names it in the form, `input` what it becomes, under which its error is told. */
export function settingsField(form: SettingsForm, value: keyof SettingsValues, input: string) {
  const props = form.getInputProps(value);
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

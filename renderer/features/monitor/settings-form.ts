// How a broker is listened to, as an operator fills it in: filters a line each, memory in mebibytes.

import { z } from 'zod';
import {
  type MonitorIdentity,
  type MonitorSettings,
  monitorBudgetSchema,
  monitorFilterSchema,
  monitorIdentitySchema,
} from '../../../shared/model/monitor-settings.ts';
import { validateWith } from '../../ui/validate-with.ts';

const mebibyte = 1024 * 1024;

export type SettingsForm = {
  /** null while a plant is chosen of which no credential can be used. */
  readonly identity: MonitorIdentity | null;
  readonly filters: string;
  readonly includeSys: boolean;
  readonly protocolVersion: 'auto' | '5' | '4';
  readonly topics: number | string;
  readonly valueMebibytes: number | string;
  readonly historyMebibytes: number | string;
};

const formSchema = z.object({
  identity: monitorIdentitySchema.nullable().refine((identity) => identity !== null, 'is needed'),
  filters: z.array(monitorFilterSchema).min(1, 'must have a filter at least').max(100, 'must have at most 100 filters'),
  topics: monitorBudgetSchema.shape.topics,
  valueMebibytes: z.number().int().min(1).max(4096),
  historyMebibytes: z.number().int().min(0).max(2048),
});

const filtersOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const check = validateWith<SettingsForm>(formSchema, (values) => ({ ...values, filters: filtersOf(values.filters) }));

/** The first message of each field; those of single filters are the field's. */
export const settingsErrors = (values: SettingsForm): Record<string, string> =>
  Object.fromEntries(Object.entries(check(values)).map(([field, message]) => [field.replace(/\..*/, ''), message]));

export const toForm = ({ identity, filters, includeSys, protocolVersion, budget }: MonitorSettings): SettingsForm => ({
  identity,
  filters: filters.join('\n'),
  includeSys,
  protocolVersion: protocolVersion === 'auto' ? 'auto' : protocolVersion === 5 ? '5' : '4',
  topics: budget.topics,
  valueMebibytes: Math.round(budget.payloadBytes / mebibyte),
  historyMebibytes: Math.round(budget.historyBytes / mebibyte),
});

/** Of values without an error. */
export const toSettings = (values: SettingsForm): MonitorSettings => ({
  identity: values.identity ?? { kind: 'console' },
  filters: filtersOf(values.filters),
  includeSys: values.includeSys,
  protocolVersion: values.protocolVersion === 'auto' ? 'auto' : values.protocolVersion === '5' ? 5 : 4,
  budget: {
    topics: Number(values.topics),
    payloadBytes: Number(values.valueMebibytes) * mebibyte,
    historyBytes: Number(values.historyMebibytes) * mebibyte,
  },
});

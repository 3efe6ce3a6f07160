// A rule as a form holds it: every field of every kind, of which the condition takes those of its kind. Numbers are held as
// they were typed, so that what is none can be told from what it resembles.

import {
  type AlertRule,
  type AlertRuleInput,
  type AlertRuleKind,
  alertRuleInputSchema,
} from '../../../shared/model/alert.ts';
import { enterANumber, typedNumber } from '../../ui/typed-number.ts';

export const anyBroker = 'any';

export type RuleValues = {
  name: string;
  brokerId: string;
  isEnabled: boolean;
  kind: AlertRuleKind;
  scope: 'all' | 'site' | 'plant';
  site: string;
  plantId: string;
  seconds: string;
  filter: string;
  pointer: string;
  direction: 'above' | 'below';
  limit: string;
  hysteresis: string;
  /** Separated by commas. */
  severities: string;
};

const emptyValues: RuleValues = {
  name: '',
  brokerId: anyBroker,
  isEnabled: true,
  kind: 'silent',
  scope: 'all',
  site: '',
  plantId: '',
  seconds: '300',
  filter: 'cpi/+/telemetry',
  pointer: '',
  direction: 'above',
  limit: '',
  hysteresis: '0',
  severities: '',
};

export function valuesOf(rule: AlertRule | undefined): RuleValues {
  if (!rule) return emptyValues;
  const { name, brokerId, isEnabled, condition } = rule;
  const common = { ...emptyValues, name, brokerId: brokerId ?? anyBroker, isEnabled };
  if (condition.kind === 'alarm')
    return { ...common, kind: 'alarm', severities: (condition.severities ?? []).join(', ') };
  if (condition.kind === 'refused') return { ...common, kind: 'refused' };
  if (condition.kind === 'value') {
    const { limit, hysteresis } = condition;
    return { ...common, ...condition, limit: String(limit), hysteresis: String(hysteresis) };
  }
  const { kind, seconds, scope } = condition;
  return {
    ...common,
    kind,
    seconds: String(seconds),
    scope: scope.kind,
    ...(scope.kind === 'site' && { site: scope.site }),
    ...(scope.kind === 'plant' && { plantId: scope.plantId }),
  };
}

function conditionOf(values: RuleValues): unknown {
  const { kind, scope, site, plantId, seconds, filter, pointer, direction, limit, hysteresis } = values;
  switch (kind) {
    case 'silent':
      return { kind, seconds: typedNumber(seconds), scope: { kind: scope, site: site.trim(), plantId } };
    case 'value':
      return { kind, filter, pointer, direction, limit: typedNumber(limit), hysteresis: typedNumber(hysteresis) };
    case 'alarm':
      return {
        kind,
        severities: values.severities
          .split(',')
          .map((word) => word.trim())
          .filter((word) => word !== ''),
      };
    case 'refused':
      return { kind };
  }
}

const inputOf = (values: RuleValues): unknown => ({
  name: values.name,
  brokerId: values.brokerId === anyBroker ? null : values.brokerId,
  isEnabled: values.isEnabled,
  condition: conditionOf(values),
});

/** What is wrong, by the field it is wrong in. */
export function ruleErrors(values: RuleValues): Record<string, string> {
  const issues = alertRuleInputSchema.safeParse(inputOf(values)).error?.issues ?? [];
  return Object.fromEntries(
    issues.map(({ path, message }) => {
      const field = String(path.findLast((part) => typeof part === 'string'));
      return [field, isMistyped(values, field) ? enterANumber : message];
    }),
  );
}

const isMistyped = (values: RuleValues, field: string): boolean =>
  (field === 'seconds' || field === 'limit' || field === 'hysteresis') && typedNumber(values[field]) === undefined;

/** Of values without errors. */
export const ruleInput = (values: RuleValues): AlertRuleInput => alertRuleInputSchema.parse(inputOf(values));

// A rule as a form holds it: every field of every kind, of which the condition takes those of its kind.

import {
  type AlertRule,
  type AlertRuleInput,
  type AlertRuleKind,
  alertRuleInputSchema,
} from '../../../shared/model/alert.ts';

export const anyBroker = 'any';

export type RuleValues = {
  name: string;
  brokerId: string;
  isEnabled: boolean;
  kind: AlertRuleKind;
  scope: 'all' | 'site' | 'plant';
  site: string;
  plantId: string;
  seconds: number | string;
  filter: string;
  pointer: string;
  direction: 'above' | 'below';
  limit: number | string;
  hysteresis: number | string;
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
  seconds: 300,
  filter: 'cpi/+/telemetry',
  pointer: '',
  direction: 'above',
  limit: '',
  hysteresis: 0,
  severities: '',
};

export function valuesOf(rule: AlertRule | undefined): RuleValues {
  if (!rule) return emptyValues;
  const { name, brokerId, isEnabled, condition } = rule;
  const common = { ...emptyValues, name, brokerId: brokerId ?? anyBroker, isEnabled };
  if (condition.kind === 'alarm')
    return { ...common, kind: 'alarm', severities: (condition.severities ?? []).join(', ') };
  if (condition.kind !== 'silent') return { ...common, ...condition };
  const { kind, seconds, scope } = condition;
  return {
    ...common,
    kind,
    seconds,
    scope: scope.kind,
    ...(scope.kind === 'site' && { site: scope.site }),
    ...(scope.kind === 'plant' && { plantId: scope.plantId }),
  };
}

function conditionOf(values: RuleValues): unknown {
  const { kind, scope, site, plantId, seconds, filter, pointer, direction, limit, hysteresis } = values;
  switch (kind) {
    case 'silent':
      return { kind, seconds, scope: { kind: scope, site: site.trim(), plantId } };
    case 'value':
      return { kind, filter, pointer, direction, limit, hysteresis };
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
    issues.map(({ path, message }) => [String(path.findLast((part) => typeof part === 'string')), message]),
  );
}

/** Of values without errors. */
export const ruleInput = (values: RuleValues): AlertRuleInput => alertRuleInputSchema.parse(inputOf(values));

import { alertCsv } from '../../operations/alert-csv.ts';
import {
  acknowledgeAlert,
  acknowledgeAlerts,
  addAlertRule,
  changeAlertRule,
  deleteAlertRule,
} from '../../operations/alert-rules.ts';
import type { Alerts } from '../alerts.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export function alertsHandlers(os: Implementer, contextOf: ContextOf, live: Alerts) {
  const { alerts } = os;
  return {
    get: alerts.get.handler(({ context }) => live.overview(contextOf(context))),
    csv: alerts.csv.handler(({ context }) => alertCsv(contextOf(context))),
    addRule: alerts.addRule.handler(({ input, context }) => {
      const rule = addAlertRule(contextOf(context), input);
      live.renew();
      return rule;
    }),
    changeRule: alerts.changeRule.handler(({ input, context }) => {
      const rule = changeAlertRule(contextOf(context), input);
      live.renew();
      return rule;
    }),
    deleteRule: alerts.deleteRule.handler(({ input, context }) => {
      deleteAlertRule(contextOf(context), input.ruleId);
      live.renew();
    }),
    acknowledge: alerts.acknowledge.handler(({ input, context }) =>
      acknowledgeAlert(contextOf(context), input.alertId),
    ),
    acknowledgeAll: alerts.acknowledgeAll.handler(async ({ input, context }) => ({
      count: await acknowledgeAlerts(contextOf(context), input.until),
    })),
  };
}

import { z } from 'zod';
import { alertOverviewSchema, alertRuleInputSchema, alertRuleSchema } from '../model/alert.ts';
import { passive, procedure } from './base.ts';

const ruleParams = z.object({ ruleId: z.string() });

export const alertsContract = {
  /** Rules, the newest alerts, and what is listened to at present. */
  get: passive.output(alertOverviewSchema),
  addRule: procedure.input(alertRuleInputSchema).output(alertRuleSchema),
  /** Open alerts of the rule end: whether they would be raised by it as it is now shows. Throws `alert/rule-not-found`. */
  changeRule: procedure.input(alertRuleInputSchema.extend({ ruleId: z.string() })).output(alertRuleSchema),
  /** Its open alerts end; the log keeps them. Throws `alert/rule-not-found`. */
  deleteRule: procedure.input(ruleParams),
  /** Somebody has seen it; it stands until it ends by itself. Throws `alert/not-found`. */
  acknowledge: procedure.input(z.object({ alertId: z.string() })),
  /** The same for all that were told of until then, by the console's clock; answers how many. */
  acknowledgeAll: procedure.input(z.object({ until: z.iso.datetime() })).output(z.object({ count: z.number().int() })),
  /** The whole log as CSV (RFC 4180). */
  csv: procedure.output(z.string()),
};

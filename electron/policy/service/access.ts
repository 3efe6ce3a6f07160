import type { PolicyAction } from '../../../shared/model/policy.ts';

/** Mosquitto's bits (mosquitto_plugin.h, MOSQ_ACL_*); go-auth sends them as they are. */
const actionsByBit = [
  [1, 'read'],
  [2, 'publish'],
  [4, 'subscribe'],
] as const satisfies readonly (readonly [number, PolicyAction])[];

const byAccess: readonly (readonly PolicyAction[])[] = Array.from({ length: 8 }, (_, access) =>
  actionsByBit.filter(([bit]) => (access & bit) !== 0).map(([, action]) => action),
);

/** What must be allowed for it all; nothing for 0 and for a bit that no rule can allow, which is to be denied. */
export const actionsOf = (access: number): readonly PolicyAction[] => byAccess[access] ?? [];

// What a workbench without rules can begin with. Where nothing matches, everything is denied.

import { written } from '../../../shared/model/json/json-edit.ts';

const documentOf = (rules: readonly unknown[], roles: object): string =>
  `${written({ celine: { mqtt: { acl: { rules } }, roles } })}\n`;

/** By hand, so that rules stand one below the other from the first on. */
export const emptyRules = `{
  "celine": {
    "mqtt": {
      "acl": {
        "rules": []
      }
    }
  }
}
`;

/** The example of the CELINE document. */
export const exampleRules = documentOf(
  [
    { subjects: { groups: ['admins'] }, topics: ['#'], actions: '*', effect: 'allow' },
    {
      subjects: { types: ['service'], scopes: ['mqtt.write'] },
      topics: ['celine/digital-twin/events/#', 'celine/digital-twin/state/#'],
      actions: ['publish'],
      effect: 'allow',
    },
    {
      subjects: { types: ['user'], groups: ['viewers'] },
      topics: ['celine/telemetry/+/+/readings', 'celine/system/alerts/+'],
      actions: ['subscribe', 'read'],
      effect: 'allow',
    },
    {
      subjects: { types: ['service'], ids: ['svc-pipelines'] },
      topics: ['celine/pipelines/status/+', 'celine/pipelines/events/#'],
      actions: ['publish'],
      effect: 'allow',
    },
    {
      subjects: { types: ['user'], groups: ['viewers'] },
      topics: ['celine/system/alerts/critical'],
      actions: ['subscribe', 'read'],
      effect: 'deny',
    },
  ],
  {
    group_permissions: {
      admins: ['subscribe', 'read', 'publish', 'superuser'],
      viewers: ['subscribe', 'read'],
    },
    scope_permissions: {
      'mqtt.admin': ['subscribe', 'read', 'publish', 'superuser'],
      'mqtt.read': ['subscribe', 'read'],
      'mqtt.write': ['publish'],
    },
  },
);

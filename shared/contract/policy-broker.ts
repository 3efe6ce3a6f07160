// The rules as files of a broker: what Mosquitto itself can enforce of them, and a broker that asks for them.

import { z } from 'zod';
import { aclClientSchema, aclTableSchema, renderedAclSchema } from '../model/policy-acl.ts';
import { celineExportSchema } from '../model/policy-celine.ts';
import { policyTextSchema, policyVersionNumberSchema } from '../model/policy-version.ts';
import { passive, procedure } from './base.ts';

const tags = ['Policy'];

/** What takes a rule document, or a file of its length. */
export const policyBrokerPaths = ['/policy/acl/render', '/policy/acl/read'] as const;
const [renderPath, readPath] = policyBrokerPaths;

export const policyBrokerContract = {
  /** Every client has a username of its own. */
  renderAcl: passive
    .route({ method: 'POST', path: renderPath, tags, summary: 'The rules as an acl_file, and where the two differ' })
    .input(
      z.object({
        rules: z.union([
          z.strictObject({ text: policyTextSchema }),
          z.strictObject({ version: policyVersionNumberSchema }),
        ]),
        clients: z
          .array(aclClientSchema)
          .min(1)
          .max(1000)
          .refine(
            (clients) => new Set(clients.map(({ username }) => username)).size === clients.length,
            'has a username twice',
          ),
      }),
    )
    .output(renderedAclSchema),
  readAcl: passive
    .route({
      method: 'POST',
      path: readPath,
      tags,
      summary: 'An acl_file as a table, with the rule that says the same',
    })
    .input(z.object({ text: policyTextSchema }))
    .output(aclTableSchema),
  exportCeline: procedure
    .route({
      method: 'POST',
      path: '/policy/broker/files',
      tags,
      summary: 'A broker that asks the rules, with the policy service it asks, as a tar; private keys included',
    })
    .input(celineExportSchema)
    .output(z.file()),
};

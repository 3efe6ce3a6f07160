// The rules and a Mosquitto acl_file: two languages that do not say the same. Where they differ it is listed, never guessed.

import { z } from 'zod';
import { namedSubjectSchema } from './policy.ts';

/** Who a username of the broker is to the rules. */
export const aclClientSchema = z.object({ username: z.string().min(1).max(1000), subject: namedSubjectSchema });
export type AclClient = Readonly<z.infer<typeof aclClientSchema>>;

export const aclDifferenceReasons = [
  /** Reading is allowed where no rule allows a subscription; the file knows reading only. */
  'not-subscribable',
  /** A subscription is denied where reading is allowed; the file knows reading only. */
  'subscription-denied',
  /** A deny of one action, where the other one is allowed; a deny of the file takes both. */
  'deny-takes-both',
  /** A filter that no line of an acl_file can hold. */
  'filter-not-writable',
  /** A username that no line of an acl_file can hold; there is no block for it. */
  'username-not-writable',
  /** `readwrite #` stands for a superuser; topics that begin with `$` are left out. */
  'superuser',
  /** Who has neither groups nor scopes has no rights; the block is empty. */
  'nobody',
] as const;

/** What the rules allow and the file does not: this action, at most within this filter. */
export const aclLeftOutSchema = z.object({ action: z.enum(['read', 'publish']), filter: z.string() });
export type AclLeftOut = Readonly<z.infer<typeof aclLeftOutSchema>>;

export const aclDifferenceSchema = z.object({
  username: z.string(),
  reason: z.enum(aclDifferenceReasons),
  /** Those that it comes from, from 0; the first one is what cannot be said. */
  rules: z.array(z.number().int()),
  leftOut: z.array(aclLeftOutSchema),
});
export type AclDifference = Readonly<z.infer<typeof aclDifferenceSchema>>;

export const renderedAclSchema = z.object({
  /** An acl_file that Mosquitto takes. It never allows what the rules deny. */
  text: z.string(),
  differences: z.array(aclDifferenceSchema),
  /** Differences that are not listed. */
  more: z.number().int(),
});
export type RenderedAcl = z.infer<typeof renderedAclSchema>;

export const aclLineDifferences = [
  /** The rule allows subscriptions within its topic; Mosquitto accepts every SUBSCRIBE, and filters what it delivers. */
  'subscribe-unchecked',
  /** `%u` and `%c` stand for a name each time; rules have no such places. */
  'substituted',
  /** It speaks of clients without a name; every subject of the rules has one. */
  'anonymous',
  /** A pattern holds for clients without a name too, and for no name or client id with + or #. */
  'everyone-but-some',
  /** A user's own allow beats a pattern's deny; in the rules a deny always wins. */
  'deny-may-lose',
  /** Mosquitto would read the line otherwise, or not at all. */
  'faulty',
] as const;

/** A line of an acl_file, and the rule that says the same about reading and publishing; null where none does. */
export const aclTableRowSchema = z.object({
  /** From 1. */
  line: z.number().int(),
  who: z.union([
    z.object({ kind: z.literal('user'), username: z.string() }),
    z.object({ kind: z.enum(['anonymous', 'everyone']) }),
  ]),
  access: z.enum(['read', 'write', 'readwrite', 'deny']),
  topic: z.string(),
  rule: z
    .object({
      subjects: z.object({ ids: z.array(z.string()).optional() }),
      topics: z.array(z.string()),
      actions: z.array(z.enum(['subscribe', 'read', 'publish'])),
      effect: z.enum(['allow', 'deny']),
    })
    .nullable(),
  differences: z.array(z.enum(aclLineDifferences)),
});
export type AclTableRow = z.infer<typeof aclTableRowSchema>;

export const aclTableSchema = z.object({
  rows: z.array(aclTableRowSchema),
  faults: z.array(z.object({ line: z.number().int(), effect: z.enum(['refused', 'misread']), reason: z.string() })),
  /** Rows and faults that are not listed. */
  more: z.number().int(),
});
export type AclTable = z.infer<typeof aclTableSchema>;

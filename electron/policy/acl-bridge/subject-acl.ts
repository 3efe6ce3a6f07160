// What one subject may do, as the lines of an acl_file.
// - With an acl_file Mosquitto accepts every SUBSCRIBE, and looks at reading when it delivers. So `read` stands only where
//   the rules allow both: otherwise somebody would receive what no subscription of theirs is allowed for.
// - A deny of the file takes reading and publishing alike. Where the rules deny one of them and allow the other, the deny
//   cannot be written; then nothing that it bites into is written either. The file is narrower there, never wider.

import type { AclRule } from '../../../shared/model/mosquitto/acl.ts';
import type { PolicyAction, PolicyRule, PolicySubject } from '../../../shared/model/policy.ts';
import type { AclDifference, AclLeftOut } from '../../../shared/model/policy-acl.ts';
import { concerns } from '../decide.ts';
import { filterIntersection, type Grant, Grants } from './grants.ts';
import { isWritableFilter } from './writable.ts';

type Found = Omit<AclDifference, 'username'>;
export type SubjectAcl = { readonly rules: readonly AclRule[]; readonly differences: readonly Found[] };

/** One action of the file: what is allowed, and what the rules deny of it. */
type Side = { readonly action: AclLeftOut['action']; allows: Grants; readonly denies: Grants };

/** The lines of a subject that is no superuser, denies first. */
export function* subjectAcl(
  rules: readonly PolicyRule[],
  subject: PolicySubject,
): Generator<undefined, SubjectAcl, undefined> {
  const said = yield* grantsOf(rules, subject);
  const differences: Found[] = [];
  const reading: Side = {
    action: 'read',
    allows: yield* received(said, differences),
    denies: new Grants([...said.deny.read.list, ...said.deny.subscribe.list]),
  };
  const publishing: Side = { action: 'publish', allows: said.allow.publish, denies: said.deny.publish };
  for (const side of [reading, publishing]) {
    side.allows = new Grants(side.allows.list.filter(({ filter }) => !side.denies.covers(filter)));
    const unwritable = side.allows.list.filter(({ filter }) => !isWritableFilter(filter));
    for (const grant of unwritable)
      differences.push({ reason: 'filter-not-writable', rules: [...grant.rules], leftOut: leftOut(side, [grant]) });
    side.allows = side.allows.without(unwritable);
    yield;
  }
  while (
    (yield* dropUnderDenies(reading, publishing, differences)) ||
    (yield* dropUnderDenies(publishing, reading, differences))
  );
  return { rules: linesOf(reading, publishing), differences };
}

type Said = Readonly<Record<'allow' | 'deny', Readonly<Record<PolicyAction, Grants>>>>;

function* grantsOf(rules: readonly PolicyRule[], subject: PolicySubject): Generator<undefined, Said, undefined> {
  const lists = () => ({ subscribe: [] as Grant[], read: [] as Grant[], publish: [] as Grant[] });
  const found = { allow: lists(), deny: lists() };
  for (const [i, rule] of rules.entries()) {
    if (i % 500 === 499) yield;
    if (!concerns(rule, subject)) continue;
    const { actions, topics, effect = 'allow' } = rule;
    for (const action of ['subscribe', 'read', 'publish'] as const)
      if (actions === '*' || actions.includes(action))
        found[effect][action].push(...topics.map((filter) => ({ filter, rules: [i] })));
  }
  const sets = ({ subscribe, read, publish }: ReturnType<typeof lists>) => ({
    subscribe: new Grants(subscribe),
    read: new Grants(read),
    publish: new Grants(publish),
  });
  return { allow: sets(found.allow), deny: sets(found.deny) };
}

/** What reaches the subject: it may be read, and some subscription to it is allowed. */
function* received({ allow, deny }: Said, differences: Found[]): Generator<undefined, Grants, undefined> {
  const grants: Grant[] = [];
  for (const grant of allow.read.list) {
    yield;
    const { filter, rules } = grant;
    if (deny.read.covers(filter)) continue;
    if (allow.subscribe.covers(filter)) grants.push(grant);
    else {
      differences.push({ reason: 'not-subscribable', rules: [...rules], leftOut: [{ action: 'read', filter }] });
      for (const other of allow.subscribe.overlapping(filter)) {
        const both = filterIntersection(filter, other.filter);
        if (both !== undefined) grants.push({ filter: both, rules });
      }
    }
    for (const denied of deny.subscribe.overlapping(filter)) {
      const both = filterIntersection(filter, denied.filter);
      if (both === undefined || deny.read.covers(both)) continue;
      differences.push({
        reason: 'subscription-denied',
        rules: [...denied.rules, ...rules],
        leftOut: [{ action: 'read', filter: both }],
      });
    }
  }
  return new Grants(grants);
}

/** Leaves out what lies under denies that cannot be written. Whether anything did. */
function* dropUnderDenies(side: Side, other: Side, differences: Found[]): Generator<undefined, boolean, undefined> {
  let hasDropped = false;
  for (const deny of side.denies.list) {
    yield;
    const bitten = side.allows.overlapping(deny.filter);
    if (bitten.length === 0) continue;
    const isWritable = isWritableFilter(deny.filter);
    const harmed = isWritable
      ? other.allows.overlapping(deny.filter).filter((grant) => isHarmed(grant, deny, other))
      : [];
    if (isWritable && harmed.length === 0) continue;
    differences.push({
      reason: isWritable ? 'deny-takes-both' : 'filter-not-writable',
      rules: [...new Set([...deny.rules, ...[...harmed, ...bitten].flatMap(({ rules }) => rules)])],
      leftOut: leftOut(side, bitten),
    });
    side.allows = side.allows.without(bitten);
    hasDropped = true;
  }
  return hasDropped;
}

/** Whether a deny in the file would take something of this grant that the rules allow. */
function isHarmed({ filter }: Grant, deny: Grant, { denies }: Side): boolean {
  const both = filterIntersection(filter, deny.filter);
  return both !== undefined && !denies.covers(both);
}

function leftOut({ action }: Side, grants: readonly Grant[]): AclLeftOut[] {
  return grants.map(({ filter }) => ({ action, filter }));
}

function linesOf(reading: Side, publishing: Side): AclRule[] {
  const needed = [reading, publishing].flatMap(({ allows, denies }) =>
    denies.list.filter(({ filter }) => allows.overlapping(filter).length > 0),
  );
  const read = new Set(reading.allows.widest().map(({ filter }) => filter));
  const written = new Set(publishing.allows.widest().map(({ filter }) => filter));
  const byText = (filters: Iterable<string>) => [...filters].sort();
  return [
    ...byText(new Grants(needed).widest().map(({ filter }) => filter)).map((topic) => ({
      access: 'deny' as const,
      topic,
    })),
    ...byText(new Set([...read, ...written])).map((topic) => ({
      access: !written.has(topic) ? ('read' as const) : read.has(topic) ? ('readwrite' as const) : ('write' as const),
      topic,
    })),
  ];
}

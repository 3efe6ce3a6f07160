// What one subject may do, as the lines of an acl_file.
// - With an acl_file Mosquitto accepts every SUBSCRIBE, and looks at reading when it delivers. So `read` stands only where
//   the rules allow both: otherwise somebody would receive what no subscription of theirs is allowed for.
// - A deny of the file takes reading and publishing alike. Where the rules deny one of them and allow the other, the deny
//   cannot be written; then nothing that it bites into is written either. The file is narrower there, never wider.

import type { AclRule } from '../../../shared/model/mosquitto/acl.ts';
import type { Steps } from '../../../shared/model/mosquitto/fault.ts';
import { type PolicyAction, type PolicyRule, type PolicySubject, policyActions } from '../../../shared/model/policy.ts';
import type { AclDifference, AclLeftOut } from '../../../shared/model/policy-acl.ts';
import { concerns } from '../decide.ts';
import { filterIntersection, type Grant, Grants } from './grants.ts';
import { sortedTexts } from './sorted.ts';
import { isWritableFilter } from './writable.ts';

/** How many rules or topics are looked at in one step. */
const perStep = 50;

type Found = Omit<AclDifference, 'username'>;
export type SubjectAcl = { readonly rules: readonly AclRule[]; readonly differences: readonly Found[] };

/** One action of the file: what is allowed, and what the rules deny of it. */
type Side = { readonly action: AclLeftOut['action']; allows: Grants; readonly denies: Grants };

/** The lines of a subject that is no superuser, denies first. To be run in slices. */
export function* subjectAcl(rules: readonly PolicyRule[], subject: PolicySubject): Steps<SubjectAcl> {
  const said = yield* grantsOf(rules, subject);
  const differences: Found[] = [];
  const reading: Side = {
    action: 'read',
    allows: yield* received(said, differences),
    denies: yield* Grants.of([...said.deny.read.list, ...said.deny.subscribe.list]),
  };
  const publishing: Side = { action: 'publish', allows: said.allow.publish, denies: said.deny.publish };
  for (const side of [reading, publishing]) yield* dropUnusable(side, differences);
  while (
    (yield* dropUnderDenies(reading, publishing, differences)) ||
    (yield* dropUnderDenies(publishing, reading, differences))
  );
  return { rules: yield* linesOf(reading, publishing), differences };
}

type Said = Readonly<Record<'allow' | 'deny', Readonly<Record<PolicyAction, Grants>>>>;

function* grantsOf(rules: readonly PolicyRule[], subject: PolicySubject): Steps<Said> {
  const lists = () => ({ subscribe: [] as Grant[], read: [] as Grant[], publish: [] as Grant[] });
  const found = { allow: lists(), deny: lists() };
  let done = 0;
  for (const [i, rule] of rules.entries()) {
    if (++done % perStep === 0) yield;
    if (!concerns(rule, subject)) continue;
    const { actions, topics, effect = 'allow' } = rule;
    for (const filter of topics) {
      if (++done % perStep === 0) yield;
      for (const action of actions === '*' ? policyActions : new Set(actions))
        found[effect][action].push({ filter, rules: [i] });
    }
  }
  return { allow: yield* setsOf(found.allow), deny: yield* setsOf(found.deny) };
}

function* setsOf({ subscribe, read, publish }: Record<PolicyAction, Grant[]>): Steps<Said['allow']> {
  return {
    subscribe: yield* Grants.of(subscribe),
    read: yield* Grants.of(read),
    publish: yield* Grants.of(publish),
  };
}

/** What reaches the subject: it may be read, and some subscription to it is allowed. */
function* received({ allow, deny }: Said, differences: Found[]): Steps<Grants> {
  const grants: Grant[] = [];
  for (const grant of allow.read.list) {
    yield;
    const { filter, rules } = grant;
    if (deny.read.covers(filter)) continue;
    if (allow.subscribe.covers(filter)) grants.push(grant);
    else {
      differences.push({ reason: 'not-subscribable', rules: [...rules], leftOut: [{ action: 'read', filter }] });
      for (const other of allow.subscribe.overlapping(filter)) {
        yield;
        const both = filterIntersection(filter, other.filter);
        if (both !== undefined) grants.push({ filter: both, rules });
      }
    }
    for (const denied of deny.subscribe.overlapping(filter)) {
      yield;
      const both = filterIntersection(filter, denied.filter);
      if (both === undefined || deny.read.covers(both)) continue;
      differences.push({
        reason: 'subscription-denied',
        rules: [...denied.rules, ...rules],
        leftOut: [{ action: 'read', filter: both }],
      });
    }
  }
  return yield* Grants.of(grants);
}

/** Leaves out what is denied altogether, and what no line can hold. */
function* dropUnusable(side: Side, differences: Found[]): Steps<void> {
  const dropped = new Set<Grant>();
  for (const grant of side.allows.list) {
    yield;
    const isDenied = side.denies.covers(grant.filter);
    if (!isDenied && isWritableFilter(grant.filter)) continue;
    dropped.add(grant);
    if (isDenied) continue;
    differences.push({ reason: 'filter-not-writable', rules: [...grant.rules], leftOut: leftOut(side, [grant]) });
  }
  side.allows = yield* side.allows.without(dropped);
}

/** Leaves out what lies under denies that cannot be written. Whether anything did. */
function* dropUnderDenies(side: Side, other: Side, differences: Found[]): Steps<boolean> {
  const dropped = new Set<Grant>();
  for (const deny of side.denies.list) {
    yield;
    const bitten = side.allows.overlapping(deny.filter).filter((grant) => !dropped.has(grant));
    if (bitten.length === 0) continue;
    const isWritable = isWritableFilter(deny.filter);
    const harmed = isWritable ? yield* harmedBy(deny, other) : [];
    if (isWritable && harmed.length === 0) continue;
    differences.push({
      reason: isWritable ? 'deny-takes-both' : 'filter-not-writable',
      rules: [...new Set([...deny.rules, ...[...harmed, ...bitten].flatMap(({ rules }) => rules)])],
      leftOut: leftOut(side, bitten),
    });
    for (const grant of bitten) dropped.add(grant);
  }
  side.allows = yield* side.allows.without(dropped);
  return dropped.size > 0;
}

function* harmedBy(deny: Grant, side: Side): Steps<Grant[]> {
  const harmed: Grant[] = [];
  for (const grant of side.allows.overlapping(deny.filter)) {
    yield;
    if (isHarmed(grant, deny, side)) harmed.push(grant);
  }
  return harmed;
}

/** Whether a deny in the file would take something of this grant that the rules allow. */
function isHarmed({ filter }: Grant, deny: Grant, { denies }: Side): boolean {
  const both = filterIntersection(filter, deny.filter);
  return both !== undefined && !denies.covers(both);
}

function leftOut({ action }: Side, grants: readonly Grant[]): AclLeftOut[] {
  return grants.map(({ filter }) => ({ action, filter }));
}

function* linesOf(reading: Side, publishing: Side): Steps<AclRule[]> {
  const needed: Grant[] = [];
  for (const { allows, denies } of [reading, publishing])
    for (const grant of denies.list) {
      yield;
      if (allows.overlaps(grant.filter)) needed.push(grant);
    }
  const denied = yield* (yield* Grants.of(needed)).widest();
  const read = new Set(yield* reading.allows.widest());
  const written = new Set(yield* publishing.allows.widest());
  const lines: AclRule[] = [];
  for (const topic of yield* sortedTexts(denied)) {
    yield;
    lines.push({ access: 'deny', topic });
  }
  for (const topic of yield* sortedTexts(new Set([...read, ...written]))) {
    yield;
    lines.push({ access: !written.has(topic) ? 'read' : read.has(topic) ? 'readwrite' : 'write', topic });
  }
  return lines;
}

// An acl_file as a table: line by line, whom it is about, and the rule that says the same about reading and publishing.
// - Where Mosquitto's meaning has no place among the rules there is no rule, and the row says why.
// - A deny takes no subscriptions in the file, so the rule takes none either: what is denied is not delivered.
// - Mosquitto accepts every SUBSCRIBE, so where a rule allows one the row says that the broker looks at none.

import { type AclAccess, AclReader, type AclRule } from '../../../shared/model/mosquitto/acl.ts';
import { type Fault, fileLines, linesPerStep } from '../../../shared/model/mosquitto/fault.ts';
import type { AclTable, AclTableRow } from '../../../shared/model/policy-acl.ts';

/** More rows and faults than these are counted and not listed. */
const maxRows = 20_000;

type Place = { readonly line: number; readonly who: AclTableRow['who']; readonly rule: AclRule };

/** Reads as Mosquitto does, and goes on behind what it would refuse. */
export function* readAclTable(text: string): Generator<undefined, AclTable, undefined> {
  const places: Place[] = [];
  let line = 0;
  const reader = new AclReader((username, rule) => {
    if (rule) places.push({ line, who: username === null ? { kind: 'anonymous' } : { kind: 'user', username }, rule });
  });
  for (const [i, raw] of fileLines(text).entries()) {
    if (i % linesPerStep === linesPerStep - 1) yield;
    line = i + 1;
    const before = reader.patterns.length;
    reader.read(raw, line);
    const pattern = reader.patterns[before];
    if (pattern) places.push({ line, who: { kind: 'everyone' }, rule: pattern });
  }
  const faulty = new Set(reader.faults.map((fault: Fault) => fault.line));
  const rows = places.slice(0, maxRows).map((place) => rowOf(place, faulty.has(place.line)));
  const faults = reader.faults.slice(0, maxRows);
  return { rows, faults, more: places.length - rows.length + reader.faults.length - faults.length };
}

function rowOf({ line, who, rule: { access, topic } }: Place, isFaulty: boolean): AclTableRow {
  const actions = actionsOf[access];
  const hasRule = who.kind === 'user' && !isFaulty;
  const differences: AclTableRow['differences'] = [
    ...(hasRule && actions.includes('subscribe') ? ['subscribe-unchecked' as const] : []),
    ...(who.kind === 'everyone' && /%[uc]/.test(topic) ? ['substituted' as const] : []),
    ...(who.kind === 'anonymous' ? ['anonymous' as const] : []),
    ...(who.kind === 'everyone' ? ['everyone-but-some' as const] : []),
    ...(who.kind === 'everyone' && access === 'deny' ? ['deny-may-lose' as const] : []),
    ...(isFaulty ? ['faulty' as const] : []),
  ];
  const rule = hasRule
    ? {
        subjects: { ids: [who.username] },
        topics: [topic],
        actions: [...actions],
        effect: access === 'deny' ? ('deny' as const) : ('allow' as const),
      }
    : null;
  return { line, who, access, topic, rule, differences };
}

const actionsOf: Record<AclAccess, readonly ('subscribe' | 'read' | 'publish')[]> = {
  read: ['subscribe', 'read'],
  write: ['publish'],
  readwrite: ['subscribe', 'read', 'publish'],
  deny: ['read', 'publish'],
};

// In words, where rules and acl_file differ: for the screen and for the file's own comments. Rules are numbered from 1.

import type { AclDifference, AclTableRow } from './policy-acl.ts';

const mostNamed = 5;

/** One sentence or two, which names the user, the rules and what is left out. */
export function aclDifferenceWords({ username, reason, rules, leftOut }: AclDifference): string {
  const [first, ...others] = rules;
  const rule = `rule ${(first ?? 0) + 1}`;
  const seeAlso = others.length > 0 ? ` (see ${listed(others, (other) => `rule ${other + 1}`)})` : '';
  const lost =
    leftOut.length > 0 ? ` Left out: ${listed(leftOut, ({ action, filter }) => `${action} ${filter}`)}.` : '';
  switch (reason) {
    case 'not-subscribable':
      return `${username}: ${rule} allows reading where no rule allows a subscription to all of it.${lost} What may be subscribed to stays.`;
    case 'subscription-denied':
      return `${username}: ${rule} denies subscribing only; Mosquitto would accept it, so reading is taken instead.${lost}`;
    case 'deny-takes-both':
      return `${username}: ${rule} denies one of reading and publishing where the other is allowed${seeAlso}; a deny in an acl_file takes both.${lost}`;
    case 'filter-not-writable':
      return `${username}: ${rule} needs a topic that no line of an acl_file can hold.${lost}`;
    case 'username-not-writable':
      return `${username}: an acl_file cannot hold this name, so it has no rights.`;
    case 'superuser':
      return `${username}: a superuser, so everything but topics that begin with $.`;
    case 'nobody':
      return `${username}: without groups and scopes, so without rights.`;
  }
}

function listed<T>(all: readonly T[], wordsOf: (one: T) => string): string {
  const named = all.slice(0, mostNamed).map(wordsOf).join(', ');
  return all.length > mostNamed ? `${named} and ${all.length - mostNamed} more` : named;
}

export function aclLineDifferenceWords(difference: AclTableRow['differences'][number]): string {
  switch (difference) {
    case 'subscribe-unchecked':
      return 'Mosquitto accepts any subscription besides, and delivers of it only what may be read.';
    case 'substituted':
      return '%u and %c stand for a name each time; rules have no such places.';
    case 'anonymous':
      return 'It is about clients without a name; to the rules every client is somebody.';
    case 'everyone-but-some':
      return 'It holds for clients without a name too, and for none whose name or client id has + or #; a rule holds for every user and service.';
    case 'deny-may-lose':
      return 'A user’s own lines beat the deny of a pattern; among rules a deny always wins.';
    case 'faulty':
      return 'Mosquitto reads this line otherwise than it seems, or not at all.';
  }
}

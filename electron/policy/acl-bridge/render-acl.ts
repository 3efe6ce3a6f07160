// The rules as an acl_file for named users. On top of it stands in words what it does not say.

import type { AclBlock } from '../../../shared/model/mosquitto/acl.ts';
import { renderAcl } from '../../../shared/model/mosquitto/acl-text.ts';
import type { PolicyDocument } from '../../../shared/model/policy.ts';
import type { AclClient, AclDifference, RenderedAcl } from '../../../shared/model/policy-acl.ts';
import { aclDifferenceWords } from '../../../shared/model/policy-acl-words.ts';
import { RuleSet } from '../decide.ts';
import { type SubjectAcl, subjectAcl } from './subject-acl.ts';
import { isWritableUsername } from './writable.ts';

/** More differences than these are counted and not listed. */
const maxDifferences = 1000;
const maxComments = 200;

/** `source` names the rules in the file's heading. Usernames must differ from each other. */
export function* renderPolicyAcl(
  document: PolicyDocument,
  clients: readonly AclClient[],
  source: string,
): Generator<undefined, RenderedAcl, undefined> {
  const ruleSet = new RuleSet(document);
  const differences: AclDifference[] = [];
  const blocks: AclBlock[] = [];
  for (const { username, subject } of clients) {
    if (!isWritableUsername(username)) {
      differences.push({ username, reason: 'username-not-writable', rules: [], leftOut: [] });
      continue;
    }
    const found = ruleSet.isSuperuser(subject)
      ? superuser
      : subject.type === 'nobody'
        ? nobody
        : yield* subjectAcl(document.celine.mqtt.acl.rules, subject);
    blocks.push({ username, rules: found.rules });
    for (const difference of found.differences) differences.push({ username, ...difference });
  }
  const text = renderAcl({ blocks, patterns: [] }, headingOf(differences, source, blocks.length));
  return {
    text,
    differences: differences.slice(0, maxDifferences),
    more: Math.max(0, differences.length - maxDifferences),
  };
}

const superuser: SubjectAcl = {
  rules: [{ access: 'readwrite', topic: '#' }],
  differences: [{ reason: 'superuser', rules: [], leftOut: [] }],
};
const nobody: SubjectAcl = { rules: [], differences: [{ reason: 'nobody', rules: [], leftOut: [] }] };

function headingOf(differences: readonly AclDifference[], source: string, users: number): string[] {
  const more = differences.length - maxComments;
  return [
    `Written by Voke Console from ${source}, for ${users === 1 ? '1 user' : `${users} users`}. Nobody else has any rights by it.`,
    'Mosquitto accepts every SUBSCRIBE with an acl_file, and delivers what may be read.',
    'So "read" stands where the rules allow both subscribing and reading. Rights by this file do not end with a token.',
    ...differences.slice(0, maxComments).map((difference) => aclDifferenceWords(difference)),
    ...(more > 0 ? [`and ${more} more that differ from the rules`] : []),
  ].map((line) => line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
}

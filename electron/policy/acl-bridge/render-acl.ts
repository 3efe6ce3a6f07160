// The rules as an acl_file for named users. On top of it stands in words what it does not say.

import { aclBlockText, aclTextInChunks } from '../../../shared/model/mosquitto/acl-text.ts';
import type { Steps } from '../../../shared/model/mosquitto/fault.ts';
import type { PolicyDocument } from '../../../shared/model/policy.ts';
import type { AclClient, AclDifference, RenderedAcl } from '../../../shared/model/policy-acl.ts';
import { aclDifferenceWords } from '../../../shared/model/policy-acl-words.ts';
import { isSuperuser } from '../superuser.ts';
import { type SubjectAcl, subjectAcl } from './subject-acl.ts';
import { isWritableUsername } from './writable.ts';

/** More differences than these are counted and not listed. */
const maxDifferences = 1000;
const maxComments = 200;
/** How many lines of a block are written in one step. */
const linesPerStep = 200;

/** `source` names the rules in the file's heading. Usernames must differ from each other. To be run in slices. */
export function* renderPolicyAcl(
  document: PolicyDocument,
  clients: readonly AclClient[],
  source: string,
): Steps<RenderedAcl> {
  const { rules } = document.celine.mqtt.acl;
  const differences: AclDifference[] = [];
  const blocks: string[] = [];
  for (const { username, subject } of clients) {
    if (!isWritableUsername(username)) {
      differences.push({ username, reason: 'username-not-writable', rules: [], leftOut: [] });
      continue;
    }
    const found = isSuperuser(document, subject)
      ? superuser
      : subject.type === 'nobody'
        ? nobody
        : yield* subjectAcl(rules, subject);
    blocks.push(yield* blockText(username, found.rules));
    for (const difference of found.differences) differences.push({ username, ...difference });
  }
  let text = '';
  for (const chunk of aclTextInChunks([], blocks, headingOf(differences, source, blocks.length))) {
    yield;
    text += chunk;
  }
  return {
    text,
    differences: differences.slice(0, maxDifferences),
    more: Math.max(0, differences.length - maxDifferences),
  };
}

function* blockText(username: string, rules: SubjectAcl['rules']): Steps<string> {
  let text = aclBlockText({ username, rules: [] });
  for (let at = 0; at < rules.length; at += linesPerStep) {
    yield;
    text += `\n${aclBlockText({ username: null, rules: rules.slice(at, at + linesPerStep) })}`;
  }
  return text;
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

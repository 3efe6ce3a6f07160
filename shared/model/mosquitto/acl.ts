// Mosquitto's acl_file (mosquitto.conf(5), acl_file).
// - `topic` lines belong to the `user` above them; before any `user` they apply to anonymous clients only.
// - `pattern` lines belong to everyone, wherever they stand; only they substitute %u and %c.
// - Order of a check: the user's denies, the user's allows, pattern denies, pattern allows. So a user's allow
//   beats a pattern's deny. Nothing matches: denied.
// - One line that cannot be read makes Mosquitto 2.0 drop the whole file at SIGHUP and let everyone do everything.

import { filterMatchesTopic, isTopicFilter } from '../topics.ts';
import {
  type Fault,
  fileLines,
  finish,
  linesPerStep,
  nulFault,
  type Parsed,
  type Steps,
  strangeCharacters,
  withoutTrailingSpace,
} from './fault.ts';

export type AclAccess = 'read' | 'write' | 'readwrite' | 'deny';
export type AclRule = { readonly access: AclAccess; readonly topic: string };

/** `username` null: clients without a name. */
export type AclBlock = { readonly username: string | null; readonly rules: readonly AclRule[] };
export type Acl = { readonly blocks: readonly AclBlock[]; readonly patterns: readonly AclRule[] };

const accessWords: readonly string[] = ['read', 'write', 'readwrite', 'deny'] satisfies AclAccess[];
const isAccess = (word: string): word is AclAccess => accessWords.includes(word);

export type AclLine =
  | { readonly word: 'user'; readonly name: string }
  | { readonly word: 'topic' | 'pattern'; readonly rule: string }
  /** A comment, or nothing. */
  | { readonly word: 'none' }
  | { readonly word: 'unknown' };

/** A line as the broker takes it apart. */
export function splitAclLine(raw: string): AclLine {
  const line = withoutTrailingSpace(raw);
  if (line === '' || line.startsWith('#')) return { word: 'none' };
  const [, word = '', rest = ''] = /^ *([^ ]+) *(.*)$/s.exec(line) ?? [];
  switch (word) {
    case 'user':
      return { word, name: rest };
    case 'topic':
    case 'pattern':
      return { word, rule: rest };
    default:
      return { word: 'unknown' };
  }
}

/** Reads an acl_file as strictly as Mosquitto 2.0 and 2.1 do, and notes what they would take otherwise than meant. */
export const parseAcl = (text: string): Parsed<Acl> => finish(parseAclInSteps(text));

export function* parseAclInSteps(text: string): Steps<Parsed<Acl>> {
  const faults: Fault[] = [];
  const rulesOf = new Map<string | null, AclRule[]>();
  const blockOf = (name: string | null): AclRule[] => {
    const known = rulesOf.get(name);
    if (known !== undefined) return known;
    const rules: AclRule[] = [];
    rulesOf.set(name, rules);
    return rules;
  };
  const patterns: AclRule[] = [];
  let username: string | null = null;

  for (const [index, raw] of fileLines(text).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const fault = (effect: Fault['effect'], reason: string) => faults.push({ line: index + 1, effect, reason });
    const nul = nulFault(raw, index + 1);
    if (nul !== undefined) faults.push(nul);
    const line = splitAclLine(raw);
    switch (line.word) {
      case 'none':
        break;
      case 'user': {
        const problem = usernameProblem(line.name);
        if (line.name === '') fault('refused', 'the user name is missing');
        else if (problem !== undefined) fault('misread', `the user name ${problem}`);
        username = line.name;
        blockOf(username);
        break;
      }
      case 'topic':
      case 'pattern': {
        const rule = parseRule(line.rule, line.word, fault);
        if (rule === undefined) break;
        if (line.word === 'topic' && username === null)
          fault('misread', 'a topic before any user applies to anonymous clients only');
        (line.word === 'pattern' ? patterns : blockOf(username)).push(rule);
        break;
      }
      case 'unknown':
        fault('refused', 'the line is neither user, topic, pattern nor a comment beginning in the first column');
        break;
      default:
        line satisfies never;
    }
  }
  const blocks = [...rulesOf].map(([name, rules]) => ({ username: name, rules }));
  return { value: { blocks, patterns }, faults };
}

function parseRule(
  rest: string,
  word: 'topic' | 'pattern',
  fault: (effect: Fault['effect'], reason: string) => void,
): AclRule | undefined {
  const [, first = '', second = ''] = /^([^ ]*) *(.*)$/s.exec(rest) ?? [];
  if (first === '') {
    fault('refused', 'the topic is missing');
    return undefined;
  }
  if (second !== '' && !isAccess(first)) {
    fault('refused', 'the access is none of read, write, readwrite and deny');
    return undefined;
  }
  if (second === '' && isAccess(first)) fault('misread', `without a topic, ${first} is taken for the topic itself`);
  const rule: AclRule =
    second !== '' && isAccess(first) ? { access: first, topic: second } : { access: 'readwrite', topic: first };
  const problem = strangeCharacters(rule.topic);
  if (problem !== undefined) fault('misread', `the topic ${problem}`);
  if (!isTopicFilter(rule.topic)) fault('refused', 'the topic has a misplaced wildcard, or is too long or too deep');
  if (word === 'topic' && /%[uc]/.test(rule.topic)) fault('misread', '%u and %c are replaced in patterns only');
  return rule;
}

function usernameProblem(name: string): string | undefined {
  return /[+#]/.test(name) ? 'contains + or #, which takes all pattern access from it' : strangeCharacters(name);
}

/** One rule's line. */
export const aclRuleLine = (word: 'topic' | 'pattern', { access, topic }: AclRule): string =>
  checkedLine(`${word} ${access} ${unpadded(topic)}`);

/** The lines of one block, without an empty one before it. */
export const aclBlockLines = ({ username, rules }: AclBlock): string[] => [
  ...(username === null ? [] : [checkedLine(`user ${unpadded(username)}`)]),
  ...rules.map((rule) => aclRuleLine('topic', rule)),
];

/** White space before a name is passed over by the broker. */
function unpadded(name: string): string {
  if (/^\s/.test(name)) throw new RangeError('a name in an acl file begins with white space');
  return name;
}

function checkedLine(line: string): string {
  if (/[\r\n]|\s$/.test(line)) throw new RangeError('an acl line has a line break or white space at its end');
  return line;
}

/**
 * The text of an acl_file: patterns, rules of anonymous clients, users.
 * Throws RangeError for a name or topic that would not be read back as it is.
 */
export const renderAcl = (acl: Acl, heading: readonly string[] = []): string => finish(renderAclInSteps(acl, heading));

export function* renderAclInSteps(acl: Acl, heading: readonly string[] = []): Steps<string> {
  const lines = heading.map((text) => checkedLine(`# ${text}`));
  for (const pattern of acl.patterns) lines.push(aclRuleLine('pattern', pattern));
  const anonymous = acl.blocks.filter(({ username }) => username === null);
  const named = acl.blocks.filter(({ username }) => username !== null);
  let untilStep = linesPerStep;
  for (const block of [...anonymous, ...named]) {
    const added = aclBlockLines(block);
    lines.push('', ...added);
    untilStep -= added.length;
    if (untilStep > 0) continue;
    untilStep = linesPerStep;
    yield;
  }
  return `${lines.join('\n')}\n`;
}

export type AclEvaluator = {
  /** `user` undefined: a client without a name. */
  mayRead(user: string | undefined, clientId: string, topic: string): boolean;
  mayWrite(user: string | undefined, clientId: string, topic: string): boolean;
};

/** Answers as Mosquitto 2.0 does. `acl` must have been parsed without faults. */
export function createAclEvaluator(acl: Acl): AclEvaluator {
  const rulesOf = new Map(acl.blocks.map((block) => [block.username, block.rules]));

  function may(access: 'read' | 'write', user: string | undefined, clientId: string, topic: string): boolean {
    const own = decide(rulesOf.get(user ?? null) ?? [], access, topic);
    if (own !== undefined) return own;
    if (/[+#]/.test(user ?? '') || /[+#]/.test(clientId)) return false;
    const substituted = acl.patterns
      .filter((pattern) => user !== undefined || !pattern.topic.includes('%u'))
      .map(({ access: granted, topic: pattern }) => ({
        access: granted,
        topic: pattern.replace(/%([uc])/g, (_, letter) => (letter === 'u' ? (user ?? '') : clientId)),
      }));
    return decide(substituted, access, topic) ?? false;
  }

  return {
    mayRead: (user, clientId, topic) => may('read', user, clientId, topic),
    mayWrite: (user, clientId, topic) => may('write', user, clientId, topic),
  };
}

/** Denies first, then allows; undefined when no rule speaks about this. */
function decide(rules: readonly AclRule[], access: 'read' | 'write', topic: string): boolean | undefined {
  const matching = rules.filter((rule) => filterMatchesTopic(rule.topic, topic));
  if (matching.some((rule) => rule.access === 'deny')) return false;
  if (matching.some((rule) => rule.access === access || rule.access === 'readwrite')) return true;
  return undefined;
}

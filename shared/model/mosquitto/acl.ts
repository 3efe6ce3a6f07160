// Mosquitto's acl_file (mosquitto.conf(5), acl_file).
// - `topic` lines belong to the `user` above them; before any `user` they apply to anonymous clients only.
// - `pattern` lines belong to everyone, wherever they stand; only they substitute %u and %c.
// - Order of a check: the user's denies, the user's allows, pattern denies, pattern allows. So a user's allow
//   beats a pattern's deny. Nothing matches: denied.
// - One line that cannot be read makes Mosquitto 2.0 drop the whole file at SIGHUP and let everyone do everything.

import { filterMatchesTopic, isTopicFilter } from '../topics.ts';
import { type Fault, fileLines, type Parsed, strangeCharacters } from './fault.ts';

export type AclAccess = 'read' | 'write' | 'readwrite' | 'deny';
export type AclRule = { readonly access: AclAccess; readonly topic: string };

/** `username` null: clients without a name. */
export type AclBlock = { readonly username: string | null; readonly rules: readonly AclRule[] };
export type Acl = { readonly blocks: readonly AclBlock[]; readonly patterns: readonly AclRule[] };

const accessWords: readonly string[] = ['read', 'write', 'readwrite', 'deny'] satisfies AclAccess[];
const isAccess = (word: string): word is AclAccess => accessWords.includes(word);

/** Reads an acl_file as strictly as Mosquitto 2.0 and 2.1 do, and notes what they would take otherwise than meant. */
export function parseAcl(text: string): Parsed<Acl> {
  const faults: Fault[] = [];
  const rulesOf = new Map<string | null, AclRule[]>();
  const blockOf = (name: string | null): AclRule[] => {
    const rules = rulesOf.get(name) ?? [];
    rulesOf.set(name, rules);
    return rules;
  };
  const patterns: AclRule[] = [];
  let username: string | null = null;

  for (const [index, line] of fileLines(text).entries()) {
    const fault = (effect: Fault['effect'], reason: string) => faults.push({ line: index + 1, effect, reason });
    if (line === '' || line.startsWith('#')) continue;
    const [, word = '', rest = ''] = /^ *([^ ]+) *(.*)$/.exec(line) ?? [];
    switch (word) {
      case 'user': {
        const problem = usernameProblem(rest);
        if (rest === '') fault('refused', 'the user name is missing');
        else if (problem !== undefined) fault('misread', `the user name ${problem}`);
        username = rest;
        blockOf(username);
        break;
      }
      case 'topic':
      case 'pattern': {
        const rule = parseRule(rest, word, fault);
        if (rule === undefined) break;
        if (word === 'topic' && username === null)
          fault('misread', 'a topic before any user applies to anonymous clients only');
        (word === 'pattern' ? patterns : blockOf(username)).push(rule);
        break;
      }
      default:
        fault('refused', 'the line is neither user, topic, pattern nor a comment beginning in the first column');
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
  const [, first = '', second = ''] = /^([^ ]*) *(.*)$/.exec(rest) ?? [];
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

/** The text of an acl_file. Throws RangeError for a name or topic that would not be read back as it is. */
export function renderAcl(acl: Acl, heading: readonly string[] = []): string {
  const rule = (word: string, { access, topic }: AclRule) => `${word} ${access} ${topic}`;
  const lines = [
    ...heading.map((text) => `# ${text}`),
    ...acl.patterns.map((pattern) => rule('pattern', pattern)),
    ...acl.blocks
      .toSorted((a, b) => Number(a.username !== null) - Number(b.username !== null))
      .flatMap(({ username, rules }) => [
        '',
        ...(username === null ? [] : [`user ${username}`]),
        ...rules.map((entry) => rule('topic', entry)),
      ]),
  ];
  const split = lines.findIndex((line) => /[\r\n]/.test(line) || line !== line.trim());
  if (split !== -1) throw new RangeError(`acl line ${split + 1} has a line break or white space at an end`);
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

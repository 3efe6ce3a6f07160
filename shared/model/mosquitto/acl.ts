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
  const rulesOf = new Map<string | null, AclRule[]>();
  const blockOf = (name: string | null): AclRule[] => {
    const known = rulesOf.get(name);
    if (known !== undefined) return known;
    const rules: AclRule[] = [];
    rulesOf.set(name, rules);
    return rules;
  };
  const reader = new AclReader((username, rule) => {
    const rules = blockOf(username);
    if (rule !== undefined) rules.push(rule);
  });
  yield* readAll(reader, text);
  const blocks = [...rulesOf].map(([username, rules]) => ({ username, rules }));
  return { value: { blocks, patterns: reader.patterns }, faults: reader.faults };
}

/**
 * Looks for faults alone, and at what everyone gets. A file of ten thousand blocks is mostly rules that nothing can be
 * wrong with, so runs of them are passed over at once.
 */
export function* checkAclInSteps(text: string): Steps<Parsed<Pick<Acl, 'patterns'>>> {
  const reader = new AclReader();
  let stepEnds = charactersPerStep;
  for (let start = 0; start < text.length; ) {
    const end = reader.hasUser ? plainLinesEnd(text, start) : undefined;
    if (end !== undefined) start = end;
    else {
      const feed = text.indexOf('\n', start);
      // By its place for now; counting lines would cost more than reading them.
      reader.read(text.slice(start, feed === -1 ? undefined : feed), start);
      start = feed === -1 ? text.length : feed + 1;
    }
    if (start < stepEnds) continue;
    stepEnds = start + charactersPerStep;
    yield;
  }
  return { value: { patterns: reader.patterns }, faults: atLines(text, reader.faults) };
}

const charactersPerStep = 65_536;

/**
 * Users and their rules as the console itself writes them, and empty lines. Behind a `user` line nothing can be wrong
 * with them but the length of a topic.
 */
const plainLines = /(?:(?:topic (?:read|write|readwrite|deny) [\w.-]+(?:\/[\w.-]+){0,39}|user [\w.-]+)?\n){1,500}/y;
/** Shorter than any topic that is too long, longer than most runs. */
const longestRun = 60_000;

function plainLinesEnd(text: string, start: number): number | undefined {
  plainLines.lastIndex = start;
  if (!plainLines.test(text) || plainLines.lastIndex - start > longestRun) return undefined;
  return plainLines.lastIndex;
}

/** Faults with their lines, from faults in the order of their places in the text. */
function atLines(text: string, faults: readonly Fault[]): Fault[] {
  let number = 1;
  let next = text.indexOf('\n');
  return faults.map((fault) => {
    while (next !== -1 && next < fault.line) {
      number++;
      next = text.indexOf('\n', next + 1);
    }
    return { ...fault, line: number };
  });
}

function* readAll(reader: AclReader, text: string): Steps<void> {
  for (const [index, line] of fileLines(text).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    reader.read(line, index + 1);
  }
}

/** Takes the lines of an acl_file one after the other. */
export class AclReader {
  readonly faults: Fault[] = [];
  readonly patterns: AclRule[] = [];
  readonly #take: ((username: string | null, rule?: AclRule) => void) | undefined;
  #number = 0;
  #username: string | null = null;

  /** `take` gets each user, and each rule with whom it is for. */
  constructor(take?: (username: string | null, rule?: AclRule) => void) {
    this.#take = take;
  }

  /** Whether a rule here would be somebody's. */
  get hasUser(): boolean {
    return this.#username !== null;
  }

  read(raw: string, number: number): void {
    this.#number = number;
    const nul = nulFault(raw, number);
    if (nul !== undefined) this.faults.push(nul);
    const line = splitAclLine(raw);
    switch (line.word) {
      case 'none':
        break;
      case 'user': {
        const problem = usernameProblem(line.name);
        if (line.name === '') this.#fault('refused', 'the user name is missing');
        else if (problem !== undefined) this.#fault('misread', `the user name ${problem}`);
        this.#username = line.name;
        this.#take?.(line.name);
        break;
      }
      case 'topic':
      case 'pattern':
        this.#readRule(line.word, line.rule);
        break;
      case 'unknown':
        this.#fault('refused', 'the line is neither user, topic, pattern nor a comment beginning in the first column');
        break;
      default:
        line satisfies never;
    }
  }

  #readRule(word: 'topic' | 'pattern', text: string): void {
    const rule = parseRule(text, word, (effect, reason) => this.#fault(effect, reason));
    if (rule === undefined) return;
    if (word === 'topic' && this.#username === null)
      this.#fault('misread', 'a topic before any user applies to anonymous clients only');
    if (word === 'pattern') this.patterns.push(rule);
    else this.#take?.(this.#username, rule);
  }

  #fault(effect: Fault['effect'], reason: string): void {
    this.faults.push({ line: this.#number, effect, reason });
  }
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

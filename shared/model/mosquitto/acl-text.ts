// The text of an acl_file, as the console writes it: patterns, rules of anonymous clients, and a block for each user,
// with an empty line before each block.

import type { Acl, AclBlock, AclRule } from './acl.ts';

/** In characters: enough to be worth a step, short enough for nobody to notice. */
const chunkLength = 65_536;

/** One rule's line. */
export const aclRuleLine = (word: 'topic' | 'pattern', { access, topic }: AclRule): string =>
  `${word} ${access} ${checkedName(topic)}`;

/** A block's lines, without the empty one before it. */
export function aclBlockText({ username, rules }: AclBlock): string {
  let text = username === null ? '' : `user ${checkedName(username)}`;
  for (const rule of rules) text += `${text === '' ? '' : '\n'}${aclRuleLine('topic', rule)}`;
  return text;
}

/**
 * The broker cuts white space off both ends, a line break would begin a line of its own, and a lone surrogate would be
 * written as another character.
 */
function checkedName(name: string): string {
  if (!/^[!-~]+$/.test(name) && (/[\r\n]/.test(name) || name !== name.trim() || !name.isWellFormed()))
    throw new RangeError('a name in an acl file has a line break, white space at an end, or is no Unicode text');
  return name;
}

/** Throws RangeError for a name or topic that would not be read back as it is. */
export const renderAcl = (acl: Acl, heading: readonly string[] = []): string =>
  [
    ...aclTextInChunks(
      acl.patterns,
      acl.blocks.toSorted((a, b) => Number(a.username !== null) - Number(b.username !== null)).map(aclBlockText),
      heading,
    ),
  ].join('');

/** As `renderAcl`, chunk by chunk, from the texts of blocks; those of anonymous clients must come first. */
export function* aclTextInChunks(
  patterns: readonly AclRule[],
  blocks: Iterable<string>,
  heading: readonly string[] = [],
): Generator<string, void, undefined> {
  const head = [...heading.map((line) => `# ${line}`), ...patterns.map((rule) => aclRuleLine('pattern', rule))];
  let text = head.map((line) => `${line}\n`).join('');
  for (const block of blocks) {
    text += `\n${block}\n`;
    if (text.length < chunkLength) continue;
    yield text;
    text = '';
  }
  yield text;
}

/**
 * For many users with the same rights: `rulesOf` says what one gets, whose name in a topic is given to it. Gives the
 * text of a block by username and that name, as `aclBlockText` would.
 */
export function aclBlockTemplate(
  rulesOf: (name: string) => readonly AclRule[],
): (username: string, name: string) => string {
  const place = '<name>';
  const pieces = aclBlockText({ username: null, rules: rulesOf(place) }).split(place);
  return (username, name) => `user ${checkedName(username)}\n${pieces.join(checkedName(name))}`;
}

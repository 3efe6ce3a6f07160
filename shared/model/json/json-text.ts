// JSON with the places of its parts, for pointing at a mistake and for changing one part while every other byte stays.
// - It takes what JSON.parse takes (RFC 8259), and says where a text ceases to be JSON.

export type JsonNode = JsonObject | JsonArray | JsonLeaf;
/** `start` and `end` are offsets in the text; `end` is the one after the last character. */
type Range = { readonly start: number; readonly end: number };
export type JsonObject = Range & { readonly kind: 'object'; readonly members: readonly JsonMember[] };
export type JsonArray = Range & { readonly kind: 'array'; readonly items: readonly JsonNode[] };
export type JsonLeaf = Range & { readonly kind: 'leaf' };
export type JsonMember = Range & { readonly key: string; readonly value: JsonNode };

export type JsonPath = readonly (string | number)[];
/** Both from 1. */
export type TextPlace = { readonly line: number; readonly column: number };

export class NoJson extends Error {
  override readonly name = 'NoJson';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const maxDepth = 200;
const space = /[ \t\n\r]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Throws `NoJson`. */
export function parseJsonText(source: string): JsonNode {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const isThere = pattern.test(source);
    if (isThere) at = pattern.lastIndex;
    return isThere;
  };
  const fail = (message: string): never => {
    throw new NoJson(at, at >= source.length ? 'the text ends too early' : message);
  };
  const expectText = (): string => {
    const start = at;
    if (source[at] !== '"') fail('a key in quotes is missing');
    let end = at + 1;
    while (source[end] !== '"') {
      escaped.lastIndex = end;
      // A character below the space must be escaped (RFC 8259, section 7); the end of the text is none.
      if (escaped.test(source)) end = escaped.lastIndex;
      else if (source[end] !== '\\' && source.charCodeAt(end) >= 0x20) end++;
      else fail('a text is not closed or has a wrong character');
    }
    at = end + 1;
    return JSON.parse(source.slice(start, at));
  };
  /** After a part: whether another one follows. */
  const goesOn = (close: string): boolean => {
    skip(space);
    if (source[at] !== ',' && source[at] !== close) fail(`a comma or ${close} is missing`);
    at++;
    return source[at - 1] === ',';
  };
  const member = (depth: number): JsonMember => {
    skip(space);
    const start = at;
    const key = expectText();
    skip(space);
    if (source[at] !== ':') fail('a colon is missing');
    at++;
    const value = node(depth);
    return { key, value, start, end: value.end };
  };
  const node = (depth: number): JsonNode => {
    skip(space);
    const start = at;
    if (depth > maxDepth) fail('this is nested too deep');
    if (source[at] === '{' || source[at] === '[') {
      const close = source[at] === '{' ? '}' : ']';
      at++;
      const members: JsonMember[] = [];
      const items: JsonNode[] = [];
      skip(space);
      if (source[at] === close) at++;
      else {
        do {
          if (close === '}') members.push(member(depth + 1));
          else items.push(node(depth + 1));
        } while (goesOn(close));
      }
      return close === '}' ? { kind: 'object', start, end: at, members } : { kind: 'array', start, end: at, items };
    }
    if (source[at] === '"') expectText();
    else if (!skip(word)) fail('a value is missing');
    return { kind: 'leaf', start, end: at };
  };
  const root = node(0);
  skip(space);
  if (at < source.length) throw new NoJson(at, 'something follows the end');
  return root;
}

/** The part at a path; undefined where nothing is there. */
export function partAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) node = node && childOf(node, step);
  return node;
}

/** The part at a path, or the nearest part above it that is there. */
export function nodeAt(root: JsonNode, path: JsonPath): JsonNode {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (!next) return node;
    node = next;
  }
  return node;
}

function childOf(node: JsonNode, step: string | number): JsonNode | undefined {
  if (node.kind === 'array') return node.items[Number(step)];
  if (node.kind === 'object') return node.members.findLast(({ key }) => key === String(step))?.value;
  return undefined;
}

/** Paths of keys that occur more than once in their object; readers differ in which of them counts. */
export function repeatedKeys(root: JsonNode): (string | number)[][] {
  const found: (string | number)[][] = [];
  const look = (node: JsonNode, path: (string | number)[]) => {
    if (node.kind === 'array') for (const [i, item] of node.items.entries()) look(item, [...path, i]);
    if (node.kind !== 'object') return;
    const keys = new Set<string>();
    for (const { key, value } of node.members) {
      if (keys.has(key)) found.push([...path, key]);
      keys.add(key);
      look(value, [...path, key]);
    }
  };
  look(root, []);
  return found;
}

export function placeAt(source: string, offset: number): TextPlace {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

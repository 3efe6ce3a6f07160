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
const quote = 0x22;
const backslash = 0x5c;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** RFC 8259, section 2. */
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Throws `NoJson`. */
export function parseJsonText(source: string): JsonNode {
  let at = 0;
  const skipSpace = (): void => {
    for (let code = source.charCodeAt(at); isSpace(code); code = source.charCodeAt(at)) at++;
  };
  const fail = (message: string): never => {
    throw new NoJson(at, at >= source.length ? 'the text ends too early' : message);
  };
  const expectText = (): string => {
    const start = at;
    if (source[at] !== '"') fail('a key in quotes is missing');
    let end = at + 1;
    for (let code = source.charCodeAt(end); code !== quote; code = source.charCodeAt(end)) {
      escaped.lastIndex = end;
      // A character below the space must be escaped (RFC 8259, section 7); the end of the text is none.
      if (code === backslash ? !escaped.test(source) : !(code >= 0x20))
        fail('a text is not closed or has a wrong character');
      end = code === backslash ? escaped.lastIndex : end + 1;
    }
    at = end + 1;
    return JSON.parse(source.slice(start, at));
  };
  /** After a part: whether another one follows. */
  const goesOn = (close: string): boolean => {
    skipSpace();
    if (source[at] !== ',' && source[at] !== close) fail(`a comma or ${close} is missing`);
    at++;
    return source[at - 1] === ',';
  };
  const member = (depth: number): JsonMember => {
    skipSpace();
    const start = at;
    const key = expectText();
    skipSpace();
    if (source[at] !== ':') fail('a colon is missing');
    at++;
    const value = node(depth);
    return { key, value, start, end: value.end };
  };
  const node = (depth: number): JsonNode => {
    skipSpace();
    const start = at;
    if (depth > maxDepth) fail('this is nested too deep');
    if (source[at] === '{' || source[at] === '[') {
      const close = source[at] === '{' ? '}' : ']';
      at++;
      const members: JsonMember[] = [];
      const items: JsonNode[] = [];
      skipSpace();
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
    else {
      word.lastIndex = at;
      if (!word.test(source)) fail('a value is missing');
      at = word.lastIndex;
    }
    return { kind: 'leaf', start, end: at };
  };
  const root = node(0);
  skipSpace();
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
  const path: (string | number)[] = [];
  const look = (node: JsonNode): void => {
    if (node.kind === 'leaf') return;
    const keys = new Set<string>();
    const parts = node.kind === 'array' ? node.items : node.members;
    for (const [i, part] of parts.entries()) {
      path.push('key' in part ? part.key : i);
      if ('key' in part) {
        if (keys.has(part.key)) found.push([...path]);
        keys.add(part.key);
        look(part.value);
      } else look(part);
      path.pop();
    }
  };
  look(root);
  return found;
}

export function placeAt(source: string, offset: number): TextPlace {
  let line = 1;
  let lineStart = 0;
  for (let end = source.indexOf('\n'); end >= 0 && end < offset; end = source.indexOf('\n', lineStart)) {
    line++;
    lineStart = end + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

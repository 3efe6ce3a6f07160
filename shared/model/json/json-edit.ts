// Changing one part of a JSON text while every other byte stays: what others wrote beside it, and how they laid it out.

import { type JsonArray, type JsonNode, type JsonObject, type JsonPath, parseJsonText, partAt } from './json-text.ts';

const lineWidth = 120;

/** Sets what a path leads to, or removes it for undefined; changes nothing where the way to it is not there. Throws `NoJson`. */
export function setJson(source: string, path: JsonPath, value: unknown): string {
  const parent = partAt(parseJsonText(source), path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return written(value, '', indentUnit(source));
  if (parent?.kind === 'array') {
    const item = parent.items[Number(last)];
    if (!item) return value === undefined ? source : insertJsonItem(source, path.slice(0, -1), Number(last), value);
    return value === undefined ? withoutPart(source, parent, Number(last)) : replaced(source, item, value);
  }
  if (parent?.kind !== 'object') return source;
  const at = parent.members.findIndex(({ key }) => key === String(last));
  const member = parent.members[at];
  if (member) return value === undefined ? withoutPart(source, parent, at) : replaced(source, member.value, value);
  if (value === undefined) return source;
  const indent = partIndent(source, parent);
  const text = `${JSON.stringify(String(last))}: ${written(value, indent, indentUnit(source))}`;
  return withPart(source, parent, parent.members.length, text);
}

/** Puts a value into the list at a path; the items from `index` on move back. Throws `NoJson`. */
export function insertJsonItem(source: string, path: JsonPath, index: number, value: unknown): string {
  const list = listAt(source, path);
  if (!list) return source;
  return withPart(source, list, index, written(value, partIndent(source, list), indentUnit(source)));
}

/** Moves an item of the list at a path, as it is written. Throws `NoJson`. */
export function moveJsonItem(source: string, path: JsonPath, from: number, to: number): string {
  const list = listAt(source, path);
  const item = list?.items[from];
  if (!list || !item || to < 0 || to >= list.items.length || from === to) return source;
  const without = withoutPart(source, list, from);
  const rest = listAt(without, path);
  return rest ? withPart(without, rest, to, source.slice(item.start, item.end)) : source;
}

function listAt(source: string, path: JsonPath): JsonArray | undefined {
  const node = partAt(parseJsonText(source), path);
  return node?.kind === 'array' ? node : undefined;
}

const partsOf = (node: JsonObject | JsonArray) => (node.kind === 'array' ? node.items : node.members);

function replaced(source: string, node: JsonNode, value: unknown): string {
  const text = written(value, lineIndent(source, node.start), indentUnit(source));
  return source.slice(0, node.start) + text + source.slice(node.end);
}

function withPart(source: string, node: JsonObject | JsonArray, index: number, text: string): string {
  const parts = partsOf(node);
  const isSpread = isOnLines(source, node);
  const gap = isSpread ? `\n${partIndent(source, node)}` : ' ';
  const next = parts[index];
  if (next) return `${source.slice(0, next.start)}${text},${gap}${source.slice(next.start)}`;
  const last = parts.at(-1);
  if (last) return `${source.slice(0, last.end)},${gap}${text}${source.slice(last.end)}`;
  const inside = isSpread ? `${gap}${text}\n${lineIndent(source, node.start)}` : text;
  return source.slice(0, node.start + 1) + inside + source.slice(node.end - 1);
}

function withoutPart(source: string, node: JsonObject | JsonArray, index: number): string {
  const parts = partsOf(node);
  const [before, part, after] = [parts[index - 1], parts[index], parts[index + 1]];
  if (!part) return source;
  if (before) return source.slice(0, before.end) + source.slice(part.end);
  if (after) return source.slice(0, part.start) + source.slice(after.start);
  return source.slice(0, node.start + 1) + source.slice(node.end - 1);
}

/** Whether its parts stand on lines of their own; one without parts follows the whole text. */
function isOnLines(source: string, node: JsonObject | JsonArray): boolean {
  const [first] = partsOf(node);
  return first ? source.slice(node.start, first.start).includes('\n') : source.trim().includes('\n');
}

function partIndent(source: string, node: JsonObject | JsonArray): string {
  const [first] = partsOf(node);
  return first && isOnLines(source, node)
    ? lineIndent(source, first.start)
    : lineIndent(source, node.start) + (isOnLines(source, node) ? indentUnit(source) : '');
}

const lineIndent = (source: string, offset: number): string =>
  /^[ \t]*/.exec(source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

/** What one level is indented by: that of the first indented line. */
const indentUnit = (source: string): string => /\n([ \t]+)\S/.exec(source)?.[1] ?? '  ';

/** A value on one line where it fits, as people write rules; otherwise its parts on lines of their own. */
export function written(value: unknown, indent = '', unit = '  '): string {
  const flat = onOneLine(value);
  if (flat.length + indent.length <= lineWidth || typeof value !== 'object' || value === null) return flat;
  const inner = indent + unit;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => written(item, inner, unit))
    : Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${written(part, inner, unit)}`);
  return `${isList ? '[' : '{'}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${isList ? ']' : '}'}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${onOneLine(part)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

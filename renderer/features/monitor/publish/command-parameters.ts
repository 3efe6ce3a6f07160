// A plant acts on what is signed, so that must be what was typed: what JSON.parse would change without a word is refused.

import { type JsonNode, NoJson, parseJsonText, repeatedKeys } from '../../../../shared/model/json/json-text.ts';
import type { Reading } from '../../../../shared/model/payload/json.ts';
import type { PlantCommand } from '../../../../shared/model/publish.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';

/** `p` of a command as it was typed, or what to change in it. */
export function readParameters(text: string): Reading<PlantCommand['parameters']> {
  const root = nodeOf(text);
  if (root?.kind !== 'object') return { ok: false, reason: 'A JSON object, such as {"percent": 80}' };
  const twice = repeatedKeys(root)[0]?.at(-1);
  if (twice !== undefined)
    return { ok: false, reason: `“${short(String(twice))}” stands twice: keep the one that is meant` };
  for (const part of partsOf(root)) {
    const reason = part.kind === 'leaf' ? inexact(text.slice(part.start, part.end)) : unsendable(part);
    if (reason !== undefined) return { ok: false, reason };
  }
  return { ok: true, value: JSON.parse(text) };
}

function nodeOf(text: string): JsonNode | undefined {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof NoJson) return undefined;
    throw error;
  }
}

function* partsOf(node: JsonNode): Generator<JsonNode> {
  yield node;
  if (node.kind === 'object') for (const { value } of node.members) yield* partsOf(value);
  if (node.kind === 'array') for (const item of node.items) yield* partsOf(item);
}

/** Whoever copies an object in JavaScript leaves this name out, or worse. */
const unsendable = (node: JsonNode): string | undefined =>
  node.kind === 'object' && node.members.some(({ key }) => key === '__proto__')
    ? 'The console cannot send a member with the name “__proto__”: leave it out'
    : undefined;

/** Numbers are doubles from here on (IEEE 754), of which 15 digits are always kept. */
function inexact(leaf: string): string | undefined {
  if (!/^[-\d]/.test(leaf)) return undefined;
  const sent = JSON.stringify(Number(leaf));
  if (decimalOf(leaf) === decimalOf(sent)) return undefined;
  return `${short(leaf)} would be sent as ${sent}: write it with 15 digits at most, or in quotes if the plant reads it as text`;
}

/** One text for one number, however it is written: 1.50e2 and 150 are 15e1. */
function decimalOf(written: string): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(written);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

const short = (text: string): string => visibleText(text.length > 40 ? `${text.slice(0, 40)}…` : text);

// What a payload can be read as, and why not. Of one that was cut nothing is read: its beginning says nothing of the whole.

import { readCbor } from '../../../../shared/model/payload/cbor.ts';
import { readJson, readText } from '../../../../shared/model/payload/json.ts';
import { jsonTree, type ValueNode, valueTree } from './value-tree.ts';

export type PayloadReading = {
  readonly json: ValueNode | null;
  readonly cbor: ValueNode | null;
  /** What keeps it from being read, where that is not simply that it is another format. */
  readonly why: string | null;
};

/** `isCut`: `bytes` are only the beginning of the payload. */
export function readPayload(bytes: Uint8Array, isCut: boolean): PayloadReading {
  if (isCut) return { json: null, cbor: null, why: null };
  const json = jsonTree(bytes);
  return json ? { json, cbor: null, why: null } : { json, cbor: cborTree(bytes), why: whyNoTree(bytes) };
}

/** Almost any byte is some CBOR: only maps and lists are taken for it unasked. */
function cborTree(bytes: Uint8Array): ValueNode | null {
  const read = readCbor(bytes);
  return read.ok && typeof read.value === 'object' && read.value !== null ? valueTree(read.value) : null;
}

function whyNoTree(bytes: Uint8Array): string | null {
  const text = readText(bytes);
  if (!text.ok) return `Shown as text. ${text.reason}`;
  const json = readJson(bytes);
  return !json.ok && /^\s*[[{]/.test(text.value) ? `Shown as text. ${json.reason}` : null;
}

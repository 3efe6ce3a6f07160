// The beginning of a payload as text for the topic tree.
// Payloads are hostile: they are decoded for showing only, and what could not be seen is escaped.

import { isUtf8 } from 'node:buffer';
import { visibleText } from '../../shared/model/visible-text.ts';

const previewBytes = 256;

/** The first 256 bytes of `payload`; `\xNN` stands for a byte that is no UTF-8, and a final `…` for the rest. */
export function payloadPreview(payload: Uint8Array): string {
  const cut = payload.byteLength > previewBytes;
  const head = Buffer.from(payload.buffer, payload.byteOffset, cut ? characterBoundary(payload) : payload.byteLength);
  const text = isUtf8(head) ? visibleText(head.toString('utf8')) : decodeLeniently(head);
  return cut ? `${text}…` : text;
}

/** Where to cut so that no UTF-8 character is split: at most three continuation bytes before the limit. */
function characterBoundary(payload: Uint8Array): number {
  for (let end = previewBytes; end > previewBytes - 4; end--) {
    if (!isContinuation(payload[end])) return end;
  }
  return previewBytes;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Each byte that does not begin a whole, valid character becomes `\xNN`. */
function decodeLeniently(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = bytes.subarray(at, at + sequenceLength(bytes[at] ?? 0));
    if (isUtf8(character)) {
      text += visibleText(character.toString('utf8'));
      at += character.length;
    } else {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at += 1;
    }
  }
  return text;
}

/** The length of the UTF-8 sequence that `lead` announces (RFC 3629, section 3). */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  if (lead >= 0xc0) return 2;
  return 1;
}

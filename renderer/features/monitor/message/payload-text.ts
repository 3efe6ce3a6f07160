// A payload is hostile: it is decoded only to be shown as text, and only its beginning when it is large.

export const shownBytes = 256 * 1024;
export const hexBytes = 16 * 1024;

export const decodeBase64 = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Control and bidirectional-override characters as escapes: what is shown is what was sent. */
const escaped = (text: string): string =>
  text.replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);

/** The payload as UTF-8 text; what is no UTF-8 becomes the replacement character. */
export const asText = (bytes: Uint8Array): string => escaped(new TextDecoder().decode(bytes.subarray(0, shownBytes)));

/** Offset, 16 bytes and their ASCII characters a line, as `hexdump -C` prints it. */
export function asHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < Math.min(bytes.length, hexBytes); offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}

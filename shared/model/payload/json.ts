// Payloads are hostile: they are measured before they are parsed, and are never evaluated.

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A payload read one way, or why it is not of that format, in words that hold nothing of the payload. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Above this a payload is shown as text or hex only: parsing it would freeze the window. */
export const maxParsedBytes = 1_048_576;
/** Deeper values are not read: whoever walks them does so recursively. */
export const maxDepth = 64;

/** The bytes as UTF-8, whole and strict (RFC 3629). A byte order mark stays, so that nothing is hidden. */
export function readText(bytes: Uint8Array): Reading<string> {
  if (bytes.length > maxParsedBytes) return { ok: false, reason: `Larger than ${maxParsedBytes} bytes.` };
  try {
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'Not UTF-8.' };
  }
}

/** How deep the brackets outside of strings nest, counted up to just beyond `maxDepth`. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length && deepest <= maxDepth; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** The bytes as one JSON value (RFC 8259). */
export function readJson(bytes: Uint8Array): Reading<JsonValue> {
  const text = readText(bytes);
  if (!text.ok) return text;
  if (nesting(text.value) > maxDepth) return { ok: false, reason: `Nested deeper than ${maxDepth} levels.` };
  try {
    return { ok: true, value: JSON.parse(text.value) as JsonValue };
  } catch {
    return { ok: false, reason: 'Not JSON.' };
  }
}

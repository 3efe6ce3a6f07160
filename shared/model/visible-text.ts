// Topics and payloads come from strangers. Shown as they are, a control character can break a layout
// and a bidirectional override can make one text look like another, so both are shown as escapes.

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeCharacter = (character: string): string => {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
};

/** `text` with every control, format and bidirectional character, line separator and lone surrogate as `\n`, `\u202e` or `\u{e0001}`. */
export const visibleText = (text: string): string => text.replace(invisible, escapeCharacter);

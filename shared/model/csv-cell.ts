const isFormula = (text: string): boolean =>
  /^[=+\-@＝＋－＠]/.test(text) && !/^[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?$/.test(text);

/**
 * A quoted cell (RFC 4180) of text that strangers may have made up: one that a spreadsheet would run as a formula gets an
 * apostrophe before it. A plain number, such as -5.2, is none.
 */
export const csvCell = (shown: string): string => `"${(isFormula(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`;

// What was typed or pasted is read whole or not at all. A field that only drops the characters it does not expect makes
// another number of it: 13 of 1e3, 1.0005 of 1.000.5.

/** For the field itself: what is wrong with what `typedNumber` does not read, and what to enter. */
export const enterANumber = 'must be a number, such as 1000, -2.5 or 1e3';

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;
/** `1,000` is a thousand to some and one to others. */
const grouped = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** A finite number, with a point or a comma before its decimals; undefined where the text is none, or not clearly one. */
export function typedNumber(text: string): number | undefined {
  const plain = text.trim();
  if (!decimal.test(plain) || grouped.test(plain)) return undefined;
  const number = Number(plain.replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}

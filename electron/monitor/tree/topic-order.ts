// How levels of topics are sorted: numbers by their size, letters whatever their case, and by code units where that
// makes no difference, so that two different names never count as the same. `Intl.Collator` does nearly this at ten
// times the cost, which a hundred thousand new topics would feel. Behind their beginning names are sorted by code units
// only: one may have 64 KiB, and thousands of them in common.

/** In characters; nobody reads on. */
const beginning = 256;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const folded = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

/** Negative when `a` comes first, 0 only for equal names. */
export function compareLevels(a: string, b: string): number {
  let i = 0;
  let j = 0;
  const endA = Math.min(a.length, beginning);
  const endB = Math.min(b.length, beginning);
  while (i < endA && j < endB) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(j);
    if (isDigit(left) && isDigit(right)) {
      const [startA, afterA] = numberAt(a, i, endA);
      const [startB, afterB] = numberAt(b, j, endB);
      const byLength = afterA - startA - (afterB - startB);
      if (byLength !== 0) return byLength;
      for (let k = 0; startA + k < afterA; k++) {
        const byDigit = a.charCodeAt(startA + k) - b.charCodeAt(startB + k);
        if (byDigit !== 0) return byDigit;
      }
      i = afterA;
      j = afterB;
    } else {
      const byLetter = folded(left) - folded(right);
      if (byLetter !== 0) return byLetter;
      i += 1;
      j += 1;
    }
  }
  const byRest = endA - i - (endB - j);
  if (byRest !== 0) return byRest;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** From the first digit that counts to the end of the number. */
function numberAt(text: string, at: number, most: number): [number, number] {
  let end = at;
  while (end < most && isDigit(text.charCodeAt(end))) end += 1;
  let start = at;
  while (start < end - 1 && text.charCodeAt(start) === 48) start += 1;
  return [start, end];
}

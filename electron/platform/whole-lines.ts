/** Longer than any line that is read here; of a longer one the beginning counts, by which lines are known. */
const maxLineLength = 65_536;

/** Puts text that comes in pieces together again to whole lines. */
export class WholeLines {
  #rest = '';

  /** The lines that are whole by now, each with its end; the empty text where none is. */
  take(piece: string): string {
    const known = this.#rest + piece;
    const end = known.lastIndexOf('\n') + 1;
    this.#rest = known.slice(end, end + maxLineLength);
    return known.slice(0, end);
  }
}

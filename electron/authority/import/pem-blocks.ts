export type PemBlock = {
  readonly label: string;
  /** From its first line to its last. */
  readonly text: string;
  /** What is inside; not for keys under a passphrase, whose headers stand there too. */
  der(): Buffer;
};

const dashes = '-----';
const begin = `${dashes}BEGIN `;

/**
 * Every PEM block of a text, however much else stands around it, such as what `openssl x509 -text` writes. One pass, also
 * over what only begins to be one: five dashes end a block, whatever follows them. Undefined is a step without a block, of
 * which there may be millions.
 */
export function* pemBlocksIn(text: string): Generator<PemBlock | undefined, void, undefined> {
  for (let start = text.indexOf(begin); start !== -1; ) {
    const labelEnd = text.indexOf(dashes, start + begin.length);
    const label = text.slice(start + begin.length, labelEnd);
    const bodyStart = labelEnd + dashes.length;
    const bodyEnd = labelEnd === -1 ? -1 : text.indexOf(dashes, bodyStart);
    if (bodyEnd === -1) return;
    const end = `${dashes}END ${label}${dashes}`;
    if (/^[A-Z0-9 ]{1,40}$/.test(label) && text.startsWith(end, bodyEnd)) {
      const inner = text.slice(bodyStart, bodyEnd);
      yield { label, text: `${text.slice(start, bodyEnd + end.length)}\n`, der: () => Buffer.from(inner, 'base64') };
      start = text.indexOf(begin, bodyEnd + end.length);
    } else {
      yield undefined;
      start = text.indexOf(begin, Math.max(labelEnd, start + begin.length));
    }
  }
}

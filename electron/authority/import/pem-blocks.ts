export type PemBlock = {
  readonly label: string;
  /** From its first line to its last. */
  readonly text: string;
  /** What is inside; not for keys under a passphrase, whose headers stand there too. */
  der(): Buffer;
};

/** Every PEM block of a text, however much else stands around it, such as what `openssl x509 -text` writes. */
export function* pemBlocksIn(text: string): Generator<PemBlock, void, undefined> {
  for (const [block, label = '', inner = ''] of text.matchAll(
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g,
  )) {
    yield { label, text: `${block}\n`, der: () => Buffer.from(inner, 'base64') };
  }
}

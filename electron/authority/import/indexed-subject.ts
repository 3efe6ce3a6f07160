// The subject of a line of `index.txt`, held against its certificate. openssl and XCA write it by X509_NAME_oneline, which
// escapes no slash and shows octets beyond ASCII as `\xC3`; other programs write the text itself, this console escapes
// what `openssl -subj` needs escaped. What is compared is the common name, in any of these forms.

import { tag } from '../der.ts';
import { readChildren, readElement, readObjectIdentifier, readSequence, readText } from '../der-reader.ts';
import { escapeValue } from '../distinguished-name.ts';

/** A line that names no common name, such as `unknown`, says nothing that could be wrong. */
export function isSubjectOf(indexed: string, subjectDer: Buffer): boolean {
  if (!indexed.includes('/CN=')) return true;
  const commonNames = commonNamesOf(subjectDer);
  const isThere = (form: string) => `${indexed}/`.includes(`/CN=${form}/`);
  return commonNames.length > 0 && commonNames.every((forms) => forms.some(isThere));
}

const commonName = '2.5.4.3';

function commonNamesOf(subjectDer: Buffer): string[][] {
  const attributes = readSequence(readElement(subjectDer)).flatMap((part) => readChildren(part, tag.set));
  return attributes.flatMap((attribute) => {
    const [type, value] = readSequence(attribute);
    if (readObjectIdentifier(type) !== commonName) return [];
    const text = readText(value);
    return [[text, escapeValue(text), oneLine(value?.content ?? Buffer.alloc(0))]];
  });
}

const oneLine = (octets: Buffer): string =>
  Array.from(octets, (octet) =>
    octet < 0x20 || octet > 0x7e
      ? `\\x${octet.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(octet),
  ).join('');

import { ConsoleError } from '../../shared/model/errors.ts';
import { sequence, tag, tlv } from './der.ts';
import { readChildren, readElement, readObjectIdentifier, readSequence, readText } from './der-reader.ts';
import { encodeDistinguishedName, parseDistinguishedName, readDistinguishedName } from './distinguished-name.ts';

/**
 * The name of the authority that follows `old`, encoded as that is: what was wished for, or the same with `G2`, `G3` … in its
 * common name. Every authority needs a name of its own: brokers and clients find an issuer, and its CRL, by name first.
 * All but the common name stays byte for byte: an adopted authority may be called what this console would not write.
 * Throws `authority/invalid-subject` for a wish.
 */
export function nextGenerationOf(old: Buffer, taken: readonly string[], wished?: string): Buffer {
  const isTaken = (name: Buffer) => taken.includes(readDistinguishedName(name));
  if (wished !== undefined) {
    const name = encodeDistinguishedName(parseDistinguishedName(wished));
    if (isTaken(name)) {
      throw new ConsoleError('authority/invalid-subject', {
        because: 'another authority of this vault has this name',
        fields: [{ field: 'subject', message: 'must differ from the names of the other authorities' }],
      });
    }
    return name;
  }
  for (let generation = 2; ; generation++) {
    const name = withGeneration(old, generation);
    if (!isTaken(name)) return name;
  }
}

const commonName = '2.5.4.3';
/** RFC 5280, appendix A.1: ub-common-name. */
const longestCommonName = 64;

/** Numbers the last common name; what has none gets one. */
function withGeneration(old: Buffer, generation: number): Buffer {
  const mark = ` G${generation}`;
  const parts = readSequence(readElement(old)).map((part) => readChildren(part, tag.set).map(({ der }) => der));
  const last = parts.findLastIndex((part) => part.some(isCommonName));
  const numbered = parts.map((part, index) =>
    relativeName(index === last ? part.map((one) => (isCommonName(one) ? withMark(one, mark) : one)) : part),
  );
  if (last >= 0) return sequence(...numbered);
  const [added = Buffer.alloc(0)] = readSequence(
    readElement(encodeDistinguishedName([{ type: 'CN', value: `Root CA${mark}` }])),
  ).map(({ der }) => der);
  return sequence(...numbered, added);
}

/** DER sorts the members of a set. */
const relativeName = (attributes: readonly Buffer[]): Buffer => tlv(tag.set, ...attributes.toSorted(Buffer.compare));

const isCommonName = (attribute: Buffer): boolean =>
  readObjectIdentifier(readSequence(readElement(attribute))[0]) === commonName;

function withMark(attribute: Buffer, mark: string): Buffer {
  const [type, value] = readSequence(readElement(attribute));
  const characters = [...readText(value).replace(/ G\d+$/, '')].slice(0, longestCommonName - mark.length);
  return sequence(type?.der ?? Buffer.alloc(0), tlv(tag.utf8String, Buffer.from(`${characters.join('')}${mark}`)));
}

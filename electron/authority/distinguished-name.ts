// A subject is written as `openssl -subj` takes it, /C=CZ/O=Acme/CN=Acme Root CA, and shown in that form too,
// so that what is read can be typed again. RFC 4514 text, CN=Acme Root CA,O=Acme,C=CZ, is understood as well;
// it stands in the opposite order. One attribute in each relative name; a `+`, `/`, `,` or `\` in a value is escaped by `\`.

import { ConsoleError } from '../../shared/model/errors.ts';
import { objectIdentifier, sequence, setOf, tag, tlv } from './der.ts';
import { readChildren, readElement, readObjectIdentifier, readSequence, readText } from './der-reader.ts';

export type NameAttribute = { readonly type: AttributeType; readonly value: string };
/** In the order of the encoding: the most general attribute first. */
export type DistinguishedName = readonly NameAttribute[];

/** Types, encodings and upper bounds of RFC 5280, appendix A.1 (and RFC 4519 for UID). */
const attributeTypes = {
  C: { oid: '2.5.4.6', tag: tag.printableString, max: 2 },
  ST: { oid: '2.5.4.8', tag: tag.utf8String, max: 128 },
  L: { oid: '2.5.4.7', tag: tag.utf8String, max: 128 },
  O: { oid: '2.5.4.10', tag: tag.utf8String, max: 64 },
  OU: { oid: '2.5.4.11', tag: tag.utf8String, max: 64 },
  CN: { oid: '2.5.4.3', tag: tag.utf8String, max: 64 },
  serialNumber: { oid: '2.5.4.5', tag: tag.printableString, max: 64 },
  DC: { oid: '0.9.2342.19200300.100.1.25', tag: tag.ia5String, max: 63 },
  UID: { oid: '0.9.2342.19200300.100.1.1', tag: tag.utf8String, max: 256 },
  emailAddress: { oid: '1.2.840.113549.1.9.1', tag: tag.ia5String, max: 255 },
  SN: { oid: '2.5.4.4', tag: tag.utf8String, max: 64 },
  GN: { oid: '2.5.4.42', tag: tag.utf8String, max: 64 },
  name: { oid: '2.5.4.41', tag: tag.utf8String, max: 64 },
  title: { oid: '2.5.4.12', tag: tag.utf8String, max: 64 },
  street: { oid: '2.5.4.9', tag: tag.utf8String, max: 128 },
} as const;
type AttributeType = keyof typeof attributeTypes;

const typeNames: ReadonlyMap<string, AttributeType> = new Map(
  (Object.keys(attributeTypes) as AttributeType[]).map((type) => [type.toLowerCase(), type]),
);
const typesByOid: ReadonlyMap<string, AttributeType> = new Map(
  [...typeNames.values()].map((type) => [attributeTypes[type].oid, type]),
);

const invalid = (because: string) =>
  new ConsoleError('authority/invalid-subject', { because, fields: [{ field: 'subject', message: because }] });

/** Reads either form. Throws `authority/invalid-subject`, saying what does not fit. */
export function parseDistinguishedName(text: string): DistinguishedName {
  const trimmed = text.trim();
  const name = trimmed.startsWith('/')
    ? split(trimmed.slice(1), '/').map(parseAttribute)
    : split(trimmed, ',')
        .map((part) => parseAttribute(part.trim()))
        .reverse();
  return name;
}

/** Cuts at unescaped separators; escapes stay in place for `unescapeValue`. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') parts.push(`${parts.pop()}${char}${text.charAt(++i)}`);
    else if (char === separator) parts.push('');
    else if (char === '+') throw invalid('write a plus sign as \\+');
    else parts.push(`${parts.pop()}${char}`);
  }
  return parts;
}

function parseAttribute(part: string): NameAttribute {
  const equals = part.indexOf('=');
  const type = typeNames.get(part.slice(0, Math.max(equals, 0)).trim().toLowerCase());
  if (!type) throw invalid(`each part is TYPE=value, with TYPE one of ${[...typeNames.values()].join(', ')}`);
  return nameAttribute(type, unescapeValue(part.slice(equals + 1).trim()));
}

/** `\` before a special character, or before two hex digits of an UTF-8 octet (RFC 4514, section 3). */
function unescapeValue(value: string): string {
  return value.replace(/(?:\\[0-9a-f]{2})+|\\(.?)/gi, (match, special: string | undefined) =>
    special === undefined ? Buffer.from(match.replaceAll('\\', ''), 'hex').toString('utf8') : special,
  );
}

/** One attribute, held to the character set and length of its type. Throws `authority/invalid-subject`. */
export function nameAttribute(type: AttributeType, value: string): NameAttribute {
  const definition = attributeTypes[type];
  const length = [...value].length;
  if (length < 1 || length > definition.max) throw invalid(`${type} must have 1 to ${definition.max} characters`);
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffd}]/u.test(value) || !value.isWellFormed()) {
    throw invalid(`${type} must not contain control characters`);
  }
  if (type === 'C' && !/^[A-Z]{2}$/.test(value)) throw invalid('C must be two capital letters such as CZ');
  if (definition.tag === tag.printableString && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)) {
    throw invalid(`${type} must be letters, digits and plain punctuation`);
  }
  if (definition.tag === tag.ia5String && !/^[\x20-\x7e]*$/.test(value)) throw invalid(`${type} must be ASCII`);
  return { type, value };
}

/** `Name` of RFC 5280, 4.1.2.4. */
export const encodeDistinguishedName = (name: DistinguishedName): Buffer =>
  sequence(
    ...name.map(({ type, value }) => {
      const { oid, tag: tagByte } = attributeTypes[type];
      return setOf(sequence(objectIdentifier(oid), tlv(tagByte, Buffer.from(value, 'utf8'))));
    }),
  );

/** A value as it stands in the form that begins with a slash. */
export const escapeValue = (value: string): string => value.replace(/[\\/+,]/g, '\\$&');

export const formatDistinguishedName = (name: DistinguishedName): string =>
  name.map(({ type, value }) => `/${type}=${escapeValue(value)}`).join('');

/** The same text for an encoded Name; a type without a name of ours shows its dotted identifier. */
export const readDistinguishedName = (name: Buffer): string =>
  readSequence(readElement(name))
    .flatMap((relativeName) => readChildren(relativeName, tag.set))
    .map((attribute) => {
      const [type, value] = readSequence(attribute);
      const oid = readObjectIdentifier(type);
      return `/${typesByOid.get(oid) ?? oid}=${escapeValue(readText(value))}`;
    })
    .join('');

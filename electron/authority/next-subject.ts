import { ConsoleError } from '../../shared/model/errors.ts';
import { formatDistinguishedName, parseDistinguishedName } from './distinguished-name.ts';

/**
 * The name of the authority that follows `subject`: what was wished for, or the same with `G2`, `G3` … in its common name.
 * Every authority needs a name of its own: brokers and clients find an issuer, and its CRL, by name first.
 * Throws `authority/invalid-subject`.
 */
export function nextGenerationOf(subject: string, taken: readonly string[], wished?: string): string {
  if (wished !== undefined) {
    const name = formatDistinguishedName(parseDistinguishedName(wished));
    if (taken.includes(name)) {
      throw new ConsoleError('authority/invalid-subject', {
        because: 'another authority of this vault has this name',
        fields: [{ field: 'subject', message: 'must differ from the names of the other authorities' }],
      });
    }
    return name;
  }
  for (let generation = 2; ; generation++) {
    const name = withGeneration(subject, generation);
    if (!taken.includes(name)) return name;
  }
}

function withGeneration(subject: string, generation: number): string {
  const mark = ` G${generation}`;
  const attributes = parseDistinguishedName(subject);
  const last = attributes.findLastIndex(({ type }) => type === 'CN');
  const numbered = attributes.map((attribute, index) =>
    index === last
      ? { ...attribute, value: `${attribute.value.replace(/ G\d+$/, '').slice(0, 64 - mark.length)}${mark}` }
      : attribute,
  );
  return formatDistinguishedName(last < 0 ? [...attributes, { type: 'CN', value: `Root CA${mark}` }] : numbered);
}

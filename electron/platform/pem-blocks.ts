/**
 * The blocks of a PEM file one by one (RFC 7468), each with a line feed at its end. Throws TypeError when there is none of
 * `label`, or anything else beside them: a reader that passes over what it does not know must not differ from another.
 */
export function pemBlocks(text: string, label: 'CERTIFICATE' | 'X509 CRL'): [string, ...string[]] {
  const block = new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]*-----END ${label}-----`, 'g');
  const [first, ...others] = (text.match(block) ?? []).map((found) => `${found}\n`);
  if (first === undefined || text.replace(block, '').trim() !== '') throw new TypeError(`not only ${label} in PEM`);
  return [first, ...others];
}

/** In one file, as OpenSSL reads several. */
export const joinPems = (pems: readonly string[]): string => pems.map((pem) => `${pem.trimEnd()}\n`).join('');

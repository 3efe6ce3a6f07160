import { finish, type Steps } from '../../shared/model/mosquitto/fault.ts';

export type PemBlockLabel = 'CERTIFICATE' | 'X509 CRL';

const charactersAtOnce = 65_536;

/**
 * The blocks of a PEM file one by one (RFC 7468), each with a line feed at its end. Throws TypeError when there is none of
 * `label`, or anything else beside them: a reader that passes over what it does not know must not differ from another.
 */
export const pemBlocks = (text: string, label: PemBlockLabel): [string, ...string[]] =>
  finish(pemBlocksInSteps(text, label));

/** The same in steps, for what may have megabytes. */
export function* pemBlocksInSteps(text: string, label: PemBlockLabel): Steps<[string, ...string[]]> {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const refused = () => new TypeError(`not only ${label} in PEM`);
  const blocks: string[] = [];
  let at = 0;
  for (let start = text.indexOf(begin); start !== -1; start = text.indexOf(begin, at)) {
    const body = start + begin.length;
    const bodyEnd = text.indexOf(end, body);
    if (bodyEnd === -1 || text.slice(at, start).trim() !== '') throw refused();
    for (let from = body; from < bodyEnd; from += charactersAtOnce) {
      if (/[^A-Za-z0-9+/=\s]/.test(text.slice(from, Math.min(from + charactersAtOnce, bodyEnd)))) throw refused();
      yield;
    }
    at = bodyEnd + end.length;
    blocks.push(`${text.slice(start, at)}\n`);
  }
  const [first, ...others] = blocks;
  if (first === undefined || text.slice(at).trim() !== '') throw refused();
  return [first, ...others];
}

/** In one file, as OpenSSL reads several. */
export const joinPems = (pems: readonly string[]): string => pems.map((pem) => `${pem.trimEnd()}\n`).join('');

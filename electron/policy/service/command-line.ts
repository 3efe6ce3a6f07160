// The arguments of the stand-alone policy service.

import { parseArgs } from 'node:util';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { defaultPolicyPort } from '../../../shared/model/policy-service.ts';

export type ServiceArguments = {
  readonly rules: string;
  readonly keys:
    | { readonly kind: 'key'; readonly path: string }
    | { readonly kind: 'jwks'; readonly path: string }
    | { readonly kind: 'address'; readonly url: string };
  /** A file of the authority that the certificate of a JWK set's address is by; left out, whom this system trusts. */
  readonly authority: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly cacheSeconds: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
};

export const serviceUsage = `Usage: node electron/policy-service.ts --rules FILE (--key FILE | --jwks FILE|URL) [options]
  --rules FILE          the rule document; a change of it takes effect at once
  --key FILE            public key of the token issuer, as PEM
  --jwks FILE|URL       the issuer's JWK set: a file, or its https address
  --jwks-ca FILE        authority of that address, as PEM (default: whom this system trusts)
  --issuer TEXT         only tokens of this issuer
  --audience TEXT       only tokens for this audience
  --host ADDRESS        IP address to listen on (default: 127.0.0.1); any that is not loopback needs TLS
  --port N              (default: ${defaultPolicyPort}; 0 picks a free one)
  --cache-seconds N     how long decisions and checked tokens may be reused, 0 to 3600 (default: 30)
  --tls-cert FILE       certificate, with its chain, as PEM
  --tls-key FILE        its private key, as PEM
`;

const text = { type: 'string' } as const;
const options = {
  rules: text,
  key: text,
  jwks: text,
  'jwks-ca': text,
  issuer: text,
  audience: text,
  host: { ...text, default: '127.0.0.1' },
  port: { ...text, default: String(defaultPolicyPort) },
  'cache-seconds': { ...text, default: '30' },
  'tls-cert': text,
  'tls-key': text,
} as const;

/** Throws `input/invalid` with the argument that does not fit. */
export function parseServiceArguments(args: readonly string[]): ServiceArguments {
  const values = parse(args);
  if (!values.rules) throw wrong('rules', 'must name a file');
  return {
    rules: values.rules,
    keys: keysOf(values.key, values.jwks),
    authority: values['jwks-ca'],
    issuer: values.issuer,
    audience: values.audience,
    address: values.host,
    port: wholeNumber('port', values.port, 65_535),
    cacheSeconds: wholeNumber('cache-seconds', values['cache-seconds'], 3600),
    tls: tlsOf(values['tls-cert'], values['tls-key']),
  };
}

function keysOf(key: string | undefined, jwks: string | undefined): ServiceArguments['keys'] {
  if (key && jwks) throw wrong('key', 'cannot be given together with --jwks');
  if (key) return { kind: 'key', path: key };
  if (!jwks) throw wrong('key', 'or --jwks must say how tokens are checked');
  return /^https?:\/\//.test(jwks) ? { kind: 'address', url: jwks } : { kind: 'jwks', path: jwks };
}

function tlsOf(cert: string | undefined, key: string | undefined): ServiceArguments['tls'] {
  if (!cert && !key) return undefined;
  if (!cert || !key) throw wrong('tls-cert', 'and --tls-key belong together');
  return { cert, key };
}

function wholeNumber(name: string, value: string, max: number): number {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (number <= max) return number;
  throw wrong(name, `must be a whole number from 0 to ${max}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw wrong('arguments', error instanceof Error ? error.message : 'cannot be read');
  }
}

const wrong = (field: string, message: string): ConsoleError =>
  new ConsoleError('input/invalid', { because: `--${field} ${message}`, fields: [{ field, message }] });

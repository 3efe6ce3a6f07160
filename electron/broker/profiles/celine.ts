// The `celine` profile: Mosquitto with mosquitto-go-auth, which asks a policy service for every login and every access.
// - Only options that mosquitto-go-auth has. The document's `http_content_type` is none: go-auth passes it over.
// - go-auth keeps logins by username and password, whatever the client id. That is safe by HTTP since the service lets a
//   token in under the name of its subject only (docs/decisions/0019-policy-service.md).
// - Superusers are not asked for. By HTTP the question is a bare name, and the service allows a superuser every access
//   anyway (docs/decisions/0019-policy-service.md).
// - The service is asked over TLS, and its certificate is looked at; go-auth trusts whom SSL_CERT_FILE names.
// - With tokens as usernames nothing may write usernames to a log.

import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { ConfOption } from '../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { renderConf } from '../../../shared/model/mosquitto/conf-text.ts';
import { type CelineExport, type CelineMode, documentVariantNotice } from '../../../shared/model/policy-celine.ts';
import { fileNames } from '../file-names.ts';
import { anonymousOption, brokerFile, heading, pathIn, type RenderedProfile } from './profile.ts';

/** Where things lie in the containers, and how the containers call each other. */
export const celinePlaces = {
  conf: '/etc/mosquitto',
  data: '/var/lib/mosquitto',
  plugin: '/mosquitto/go-auth.so',
  policy: '/policy',
  policyHost: 'policy-service',
  policyPort: 8009,
  redisHost: 'redis',
} as const;

/** By which keys the service checks tokens. */
export type CelineKeys =
  | { readonly kind: 'pem'; readonly pem: string }
  | { readonly kind: 'jwk-set'; readonly text: string }
  | { readonly kind: 'address'; readonly url: string; readonly authorityPem: string | null };

type KeyPair = { readonly cert: string; readonly key: string };

export type CelineProfileInput = Pick<CelineExport, 'mode' | 'ports' | 'cacheSeconds'> & {
  readonly line: BrokerLine;
  readonly rules: string;
  readonly keys: CelineKeys;
  readonly issuer: string | null;
  readonly audience: string | null;
  /** Whom the broker's and the service's certificates are by. */
  readonly authorityPem: string;
  readonly broker: KeyPair;
  readonly service: KeyPair;
};

export type CelineProfile = RenderedProfile & {
  /** What the policy service reads. */
  readonly policyFiles: BrokerFiles;
  /** What it is started with. */
  readonly policyArguments: readonly string[];
};

/** The files of both, and how the service is started. Throws RangeError for a value that cannot stand in them. */
export function renderCelineProfile(input: CelineProfileInput): CelineProfile {
  const { broker, service, keys } = input;
  const { file: keyFile } = placeOf(keys);
  return {
    files: [
      brokerFile(fileNames.conf, conf(input)),
      brokerFile(fileNames.authority, input.authorityPem),
      brokerFile(fileNames.certificate, broker.cert),
      brokerFile(fileNames.privateKey, broker.key),
    ],
    policyFiles: [
      brokerFile('rules.json', input.rules),
      ...(keyFile ? [brokerFile(keyFile.name, keyFile.content)] : []),
      brokerFile('service.crt', service.cert),
      brokerFile('service.key', service.key),
    ],
    policyArguments: policyArguments(input),
    notices: noticesOf(input),
  };
}

function conf({ mode, line, ports, cacheSeconds }: CelineProfileInput): string {
  const file = (name: string) => pathIn(celinePlaces.conf, name);
  const ofListener = line === '2.1' ? [anonymousOption(line)] : [];
  const encrypted: ConfOption[] = [
    { keyword: 'certfile', value: file(fileNames.certificate) },
    { keyword: 'keyfile', value: file(fileNames.privateKey) },
  ];
  return renderConf(
    {
      options: [
        { keyword: 'allow_anonymous', value: 'false' },
        ...(mode === 'jwt' ? [{ keyword: 'connection_messages', value: 'false' }] : []),
        { keyword: 'persistence', value: 'true' },
        { keyword: 'persistence_location', value: `${celinePlaces.data}/` },
        { keyword: 'log_dest', value: 'stderr' },
        ...['error', 'warning', 'notice'].map((value) => ({ keyword: 'log_type', value })),
      ],
      plugins: [
        {
          path: celinePlaces.plugin,
          options: [...backendOptions[mode], ...commonOptions, ...cacheOptions(cacheSeconds)],
          // The service tells clients apart by their names as they are: no character of them has a meaning.
          ...(line === '2.1' && { denySpecialChars: false }),
        },
      ],
      listeners: [
        { port: ports.tls, address: null, options: [...encrypted, ...ofListener], plugins: [] },
        ...(ports.plain === null ? [] : [{ port: ports.plain, address: null, options: ofListener, plugins: [] }]),
      ],
      bridges: [],
    },
    heading,
  );
}

const options = (values: Readonly<Record<string, string>>): ConfOption[] =>
  Object.entries(values).map(([keyword, value]) => ({ keyword, value }));

const { policyHost: host } = celinePlaces;
const port = String(celinePlaces.policyPort);

const backendOptions: Record<CelineMode, readonly ConfOption[]> = {
  http: options({
    backends: 'http',
    http_host: host,
    http_port: port,
    http_getuser_uri: '/mqtt/user',
    http_aclcheck_uri: '/mqtt/acl',
    http_method: 'POST',
    http_params_mode: 'json',
    http_response_mode: 'json',
    http_timeout: '5',
    http_with_tls: 'true',
    http_verify_peer: 'true',
    disable_superuser: 'true',
  }),
  jwt: options({
    backends: 'jwt',
    jwt_mode: 'remote',
    jwt_host: host,
    jwt_port: port,
    jwt_getuser_uri: '/mqtt/user',
    jwt_aclcheck_uri: '/mqtt/acl',
    jwt_params_mode: 'json',
    jwt_response_mode: 'json',
    jwt_with_tls: 'true',
    jwt_verify_peer: 'true',
    disable_superuser: 'true',
  }),
  document: options({
    backends: 'http',
    http_host: host,
    http_port: port,
    http_getuser_uri: '/mqtt/user',
    http_aclcheck_uri: '/mqtt/acl',
    http_superuser_uri: '/mqtt/superuser',
    http_method: 'POST',
    http_params_mode: 'form',
    http_timeout: '5',
    http_with_tls: 'true',
    http_verify_peer: 'true',
  }),
};

/** From `info` on go-auth writes usernames. */
const commonOptions = options({ log_level: 'error' });

const cacheOptions = (seconds: number): ConfOption[] =>
  seconds === 0
    ? options({ cache: 'false' })
    : options({
        cache: 'true',
        cache_type: 'redis',
        cache_host: celinePlaces.redisHost,
        cache_port: '6379',
        cache_reset: 'true',
        auth_cache_seconds: String(seconds),
        acl_cache_seconds: String(seconds),
      });

type KeyPlace = {
  readonly file?: { readonly name: string; readonly content: string };
  readonly arguments: readonly string[];
};

const inPolicy = (name: string): string => `${celinePlaces.policy}/${name}`;

function placeOf(keys: CelineKeys): KeyPlace {
  switch (keys.kind) {
    case 'pem': {
      const name = 'token-key.pem';
      return { file: { name, content: keys.pem }, arguments: ['--key', inPolicy(name)] };
    }
    case 'jwk-set': {
      const name = 'token-keys.json';
      return { file: { name, content: keys.text }, arguments: ['--jwks', inPolicy(name)] };
    }
    case 'address': {
      const name = 'token-authority.crt';
      if (keys.authorityPem === null) return { arguments: ['--jwks', keys.url] };
      const file = { name, content: keys.authorityPem };
      return { file, arguments: ['--jwks', keys.url, '--jwks-ca', inPolicy(name)] };
    }
  }
}

function policyArguments({ keys, issuer, audience, cacheSeconds }: CelineProfileInput): string[] {
  return [
    ...['--rules', inPolicy('rules.json')],
    ...placeOf(keys).arguments,
    // In one word: a value that begins with a hyphen would be taken for an option.
    ...(issuer === null ? [] : [`--issuer=${issuer}`]),
    ...(audience === null ? [] : [`--audience=${audience}`]),
    ...['--host', '0.0.0.0', '--port', port],
    ...['--cache-seconds', String(cacheSeconds)],
    ...['--tls-cert', inPolicy('service.crt'), '--tls-key', inPolicy('service.key')],
  ];
}

function noticesOf({ mode, ports, cacheSeconds }: CelineProfileInput): string[] {
  const login: Record<CelineMode, string[]> = {
    http: [
      "Clients log in with their token as password, and as username the token's subject (sub): under any other name they are denied. The policy service remembers the token of each login: when it was started again, clients are denied until they connect anew.",
    ],
    jwt: [
      'Clients log in with their token as username and any password that is not empty. Whatever shows usernames shows tokens: Mosquitto is told not to log connections.',
    ],
    document: [documentVariantNotice],
  };
  return [
    ...login[mode],
    ...(ports.plain === null
      ? []
      : [
          `The listener on port ${ports.plain} is not encrypted: tokens can be read on the way. Use it on a network of its own only.`,
        ]),
    ...(cacheSeconds === 0
      ? []
      : [
          `An answer is reused for up to ${cacheSeconds} seconds, also after its token has ended or the rules have changed. The keys in redis are tokens in base64, so nobody else may reach redis; it keeps nothing on disk and publishes no port.`,
        ]),
  ];
}

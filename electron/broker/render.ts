// The `voke` profile: three TLS listeners in one Mosquitto, one for each auth method.
// - per_listener_settings keeps the listeners apart: a password never opens the certificate listener.
// - Certificates and tokens carry the UUID as username, so patterns grant what a plant may do; passwords have a block
//   per user, because their short usernames say nothing about the UUID.
// - The console's own rights stand in the ACL of the certificate listener only: whoever holds the token signing key
//   can sign for any name, and must not become the console by it.
// - `topic deny #` for a revoked plant mutes what a CRL cannot reach: sessions that are live, and tokens that have
//   not expired.

import { Buffer } from 'node:buffer';
import { posix, win32 } from 'node:path';
import type { ListenerPorts } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles } from '../../shared/model/broker-files.ts';
import { type Acl, type AclBlock, type AclRule, renderAcl } from '../../shared/model/mosquitto/acl.ts';
import { type ConfListener, type ConfOption, renderConf } from '../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { renderPasswd } from '../../shared/model/mosquitto/passwd.ts';
import { allPlantsFilter, plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { privateFileMode } from '../platform/files.ts';
import { fileNames, isSecretFile } from './file-names.ts';

const heading = ['Written by Voke Console. Changes made here are overwritten by the next push.'];

/** Voke's protocol allows 8 KB a message. */
const messageSizeLimit = 8192;

export type PasswordUser = {
  readonly username: string;
  /** A `$7$` line's hash. */
  readonly hash: string;
  readonly plantId: string;
};

export type VokeProfileInput = {
  readonly line: BrokerLine;
  /** Absolute path on the broker's machine. */
  readonly configDirectory: string;
  /** Undefined: all addresses. */
  readonly bindAddress?: string | undefined;
  readonly ports: ListenerPorts;
  /** Absolute path of the plugin on the broker's machine; null leaves the token listener out. */
  readonly jwtPlugin: string | null;
  /** Who a broker that is started as root becomes; null leaves it to Mosquitto, which becomes `mosquitto`. */
  readonly account: string | null;
  readonly authorityPem: string;
  readonly crlPem: string;
  readonly serverCertificatePem: string;
  readonly serverKeyPem: string;
  readonly passwordUsers: readonly PasswordUser[];
  /** Plants with certificate or token whose access was withdrawn. */
  readonly revokedPlantIds: readonly string[];
  /** The CN of the console's own certificate. */
  readonly consoleUsername: string;
  /** PKCS#1 DER. */
  readonly tokenPublicKeyDer: Uint8Array;
};

export type RenderedProfile = {
  readonly files: BrokerFiles;
  /** What an operator must know about this rendering. */
  readonly notices: readonly string[];
};

/** The files of the `voke` profile. Throws RangeError for a name that cannot stand in them. */
export function renderVokeProfile(input: VokeProfileInput): RenderedProfile {
  const files: BrokerFile[] = [
    brokerFile(fileNames.conf, renderVokeConf(input)),
    brokerFile(fileNames.passwords, renderPasswd(input.passwordUsers)),
    brokerFile(fileNames.passwordAcl, renderAcl(passwordAcl(input), heading)),
    brokerFile(fileNames.acl, renderAcl(certificateAcl(input), heading)),
    brokerFile(fileNames.authority, input.authorityPem),
    brokerFile(fileNames.revocationList, input.crlPem),
    brokerFile(fileNames.certificate, input.serverCertificatePem),
    brokerFile(fileNames.privateKey, input.serverKeyPem),
  ];
  if (input.jwtPlugin !== null) {
    files.push(brokerFile(fileNames.tokenAcl, renderAcl(tokenAcl(input), heading)));
    files.push(brokerFile(fileNames.tokenKey, input.tokenPublicKeyDer));
  }
  return { files, notices: profileNotices(input) };
}

function profileNotices(input: VokeProfileInput): string[] {
  if (input.jwtPlugin === null)
    return [
      `The token listener on port ${input.ports.token} was left out, because this broker has no mosquitto_jwt_auth plugin. TOKEN plants cannot connect to it.`,
    ];
  if (input.line === '2.1' && input.revokedPlantIds.length > 0)
    return [
      'Mosquitto 2.1 asks only the claims of a token, so a revoked TOKEN plant stays connected and may reconnect until its token expires.',
    ];
  return [];
}

function brokerFile(name: string, content: string | Uint8Array): BrokerFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return { name, content: bytes, mode: privateFileMode, secret: isSecretFile(name) };
}

function renderVokeConf(input: VokeProfileInput): string {
  const isWindows = win32.isAbsolute(input.configDirectory) && !posix.isAbsolute(input.configDirectory);
  const path = (name: string) => (isWindows ? win32 : posix).join(input.configDirectory, name);
  const serverTls: ConfOption[] = [
    { keyword: 'certfile', value: path(fileNames.certificate) },
    { keyword: 'keyfile', value: path(fileNames.privateKey) },
  ];
  const address = input.bindAddress ?? null;

  const mtls: ConfListener = {
    port: input.ports.mtls,
    address,
    options: [
      { keyword: 'cafile', value: path(fileNames.authority) },
      ...serverTls,
      { keyword: 'crlfile', value: path(fileNames.revocationList) },
      { keyword: 'require_certificate', value: 'true' },
      { keyword: 'use_identity_as_username', value: 'true' },
      { keyword: 'allow_anonymous', value: 'false' },
      { keyword: 'acl_file', value: path(fileNames.acl) },
    ],
    plugins: [],
  };
  const password: ConfListener = {
    port: input.ports.password,
    address,
    options: [
      ...serverTls,
      { keyword: 'allow_anonymous', value: 'false' },
      { keyword: 'password_file', value: path(fileNames.passwords) },
      { keyword: 'acl_file', value: path(fileNames.passwordAcl) },
    ],
    plugins: [],
  };
  const token = (plugin: string): ConfListener => ({
    port: input.ports.token,
    address,
    options: [
      ...serverTls,
      { keyword: 'allow_anonymous', value: 'false' },
      { keyword: 'acl_file', value: path(fileNames.tokenAcl) },
    ],
    plugins: [
      {
        path: plugin,
        options: [
          { keyword: 'jwt_alg', value: 'RS256' },
          { keyword: 'jwt_sec_file', value: path(fileNames.tokenKey) },
          { keyword: 'jwt_validate_exp', value: 'true' },
          { keyword: 'jwt_validate_sub_match_username', value: 'true' },
        ],
      },
    ],
  });

  return renderConf(
    {
      options: [
        { keyword: 'per_listener_settings', value: 'true' },
        ...(input.account === null ? [] : [{ keyword: 'user', value: input.account }]),
        { keyword: 'log_dest', value: 'stderr' },
        { keyword: 'message_size_limit', value: String(messageSizeLimit) },
      ],
      plugins: [],
      listeners: [mtls, password, ...(input.jwtPlugin === null ? [] : [token(input.jwtPlugin)])],
    },
    heading,
  );
}

function certificateAcl(input: VokeProfileInput): Acl {
  const consoleBlock: AclBlock = {
    username: input.consoleUsername,
    rules: [
      { access: 'readwrite', topic: allPlantsFilter },
      { access: 'read', topic: '$SYS/#' },
    ],
  };
  return { patterns: plantRules('%u'), blocks: [consoleBlock, ...input.revokedPlantIds.map(mutedPlant)] };
}

const tokenAcl = (input: VokeProfileInput): Acl => ({
  patterns: plantRules('%u'),
  blocks: input.revokedPlantIds.map(mutedPlant),
});

const mutedPlant = (plantId: string): AclBlock => ({ username: plantId, rules: [{ access: 'deny', topic: '#' }] });

function passwordAcl(input: VokeProfileInput): Acl {
  return {
    patterns: [],
    blocks: input.passwordUsers.map(({ username, plantId }) => ({ username, rules: plantRules(plantId) })),
  };
}

const plantRules = (plantId: string): AclRule[] => [
  ...topicsWrittenByPlant.map((name) => ({ access: 'write', topic: plantTopic(plantId, name) }) as const),
  ...topicsReadByPlant.map((name) => ({ access: 'read', topic: plantTopic(plantId, name) }) as const),
];

// The `voke` profile: three TLS listeners in one Mosquitto, one for each auth method.
// - per_listener_settings keeps the listeners apart: a password never opens the certificate listener.
// - Certificates and tokens carry the UUID as username, so patterns grant what a plant may do; passwords have a block
//   per user, because their short usernames say nothing about the UUID.
// - The console's own rights stand in the ACL of the certificate listener only: whoever holds the token signing key
//   can sign for any name, and must not become the console by it.
// - `topic deny #` for a revoked plant mutes what a CRL cannot reach: sessions that are live, and tokens that have
//   not expired.

import { Buffer } from 'node:buffer';
import type { ListenerPorts } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import type { AclRule } from '../../shared/model/mosquitto/acl.ts';
import { aclBlockTemplate, aclBlockText, aclTextInChunks } from '../../shared/model/mosquitto/acl-text.ts';
import type { ConfListener, ConfOption, ConfPlugin } from '../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { renderConf } from '../../shared/model/mosquitto/conf-text.ts';
import type { Steps } from '../../shared/model/mosquitto/fault.ts';
import { renderPasswd } from '../../shared/model/mosquitto/passwd.ts';
import { allPlantsFilter, plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { inSlices } from '../platform/slices.ts';
import { fileNames } from './file-names.ts';
import { ownPluginPrefix } from './foreign/merge-conf.ts';
import { anonymousOption, brokerFile, heading, pathIn, type RenderedProfile } from './profiles/profile.ts';

export type { RenderedProfile } from './profiles/profile.ts';

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
  /** Where Mosquitto writes its process id; undefined: nowhere. */
  readonly pidFile?: string | undefined;
  readonly authorityPem: string;
  readonly crlPem: string | Uint8Array;
  readonly serverCertificatePem: string;
  readonly serverKeyPem: string;
  readonly passwordUsers: readonly PasswordUser[];
  /** Plants with certificate or token whose access was withdrawn. */
  readonly revokedPlantIds: readonly string[];
  /** The CN of the console's own certificate. */
  readonly consoleUsername: string;
  /** PKCS#1 DER; what the plugin trusts when there is no `tokenKeySet`. */
  readonly tokenPublicKeyDer: Uint8Array;
  /**
   * All keys that sign tokens now, each with `kid` and `alg` (RFC 7517). With a set a key is changed by a reload, and
   * while two are trusted no plant is left outside; with the single key it takes a restart.
   */
  readonly tokenKeySet?: { readonly keys: readonly object[] } | undefined;
};

/** The files of the `voke` profile. Throws RangeError for a name that cannot stand in them. */
export const renderVokeProfile = async (input: VokeProfileInput): Promise<RenderedProfile> => ({
  files: await inSlices(renderFiles(input)),
  notices: profileNotices(input),
});

function* renderFiles(input: VokeProfileInput): Steps<BrokerFiles> {
  const files = [
    brokerFile(fileNames.conf, renderVokeConf(input)),
    brokerFile(fileNames.passwords, renderPasswd(input.passwordUsers)),
    brokerFile(fileNames.passwordAcl, yield* encoded(aclTextInChunks([], passwordBlocks(input), heading))),
    brokerFile(fileNames.acl, yield* encoded(aclTextInChunks(plantRules('%u'), certificateBlocks(input), heading))),
    brokerFile(fileNames.authority, input.authorityPem),
    brokerFile(fileNames.revocationList, input.crlPem),
    brokerFile(fileNames.certificate, input.serverCertificatePem),
    brokerFile(fileNames.privateKey, input.serverKeyPem),
  ];
  if (input.jwtPlugin !== null) {
    files.push(
      brokerFile(fileNames.tokenAcl, yield* encoded(aclTextInChunks(plantRules('%u'), mutedBlocks(input), heading))),
    );
    files.push(
      input.tokenKeySet === undefined
        ? brokerFile(fileNames.tokenKey, input.tokenPublicKeyDer)
        : brokerFile(fileNames.tokenKeySet, `${JSON.stringify(input.tokenKeySet, undefined, 2)}\n`),
    );
  }
  return files;
}

/** Each chunk by itself: a text of many megabytes is never in one piece. */
function* encoded(chunks: Iterable<string>): Steps<Uint8Array> {
  const parts: Buffer[] = [];
  for (const chunk of chunks) {
    parts.push(Buffer.from(chunk, 'utf8'));
    yield;
  }
  return Buffer.concat(parts);
}

/**
 * Mosquitto 2.0 looks each user of an ACL file up in a list when it reads one of his rules: ten thousand users took
 * 1.8 s, during which it answers nobody. 2.1 has an index, and takes a hundredth of that.
 */
const manyAclUsers = 2_500;

/** What the operator is told of a broker without the plugin. */
export const tokenListenerLeftOut = ({ token }: ListenerPorts): string =>
  `The token listener on port ${token} was left out, because this broker has no mosquitto_jwt_auth plugin that it can load. TOKEN plants cannot connect to it.`;

function profileNotices({ jwtPlugin, line, ports, passwordUsers, revokedPlantIds }: VokeProfileInput): string[] {
  const notices: string[] = [];
  if (jwtPlugin === null) notices.push(tokenListenerLeftOut(ports));
  else if (line === '2.1' && revokedPlantIds.length > 0)
    notices.push(
      'Mosquitto 2.1 asks only the claims of a token, so a revoked TOKEN plant stays connected and may reconnect until its token expires.',
    );
  if (line === '2.0' && passwordUsers.length > manyAclUsers)
    notices.push(
      `Mosquitto 2.0 answers nobody for a moment while it rereads the rights of ${passwordUsers.length} PASSWORD plants, up to two seconds for ten thousand. Mosquitto 2.1 does not pause; certificates and tokens need no such list.`,
    );
  return notices;
}

function renderVokeConf(input: VokeProfileInput): string {
  const path = (name: string) => pathIn(input.configDirectory, name);
  const named = anonymousOption(input.line);
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
      named,
      { keyword: 'acl_file', value: path(fileNames.acl) },
    ],
    plugins: [],
  };
  const password: ConfListener = {
    port: input.ports.password,
    address,
    options: [
      ...serverTls,
      named,
      { keyword: 'password_file', value: path(fileNames.passwords) },
      { keyword: 'acl_file', value: path(fileNames.passwordAcl) },
    ],
    plugins: [],
  };
  const plugin = input.jwtPlugin === null ? undefined : tokenPlugin(input, input.jwtPlugin);
  const token = (auth: ConfPlugin): ConfListener => ({
    port: input.ports.token,
    address,
    options: [...serverTls, named, { keyword: 'acl_file', value: path(fileNames.tokenAcl) }],
    plugins: [auth],
  });

  return renderConf(
    {
      options: [
        { keyword: 'per_listener_settings', value: 'true' },
        ...(input.account === null ? [] : [{ keyword: 'user', value: input.account }]),
        ...(input.pidFile === undefined ? [] : [{ keyword: 'pid_file', value: input.pidFile }]),
        { keyword: 'log_dest', value: 'stderr' },
        { keyword: 'message_size_limit', value: String(messageSizeLimit) },
      ],
      plugins: plugin?.name === undefined ? [] : [plugin],
      listeners: [mtls, password, ...(plugin === undefined ? [] : [token(plugin)])],
      bridges: [],
    },
    heading,
  );
}

/** From 2.1 on a plugin is loaded by a name that the listener then uses. */
function tokenPlugin({ line, configDirectory, tokenKeySet }: VokeProfileInput, path: string): ConfPlugin {
  const keys: ConfOption[] =
    tokenKeySet === undefined
      ? [
          { keyword: 'jwt_alg', value: 'RS256' },
          { keyword: 'jwt_sec_file', value: pathIn(configDirectory, fileNames.tokenKey) },
        ]
      : [{ keyword: 'jwt_jwks_file', value: pathIn(configDirectory, fileNames.tokenKeySet) }];
  return {
    path,
    options: [
      ...keys,
      { keyword: 'jwt_validate_exp', value: 'true' },
      { keyword: 'jwt_validate_sub_match_username', value: 'true' },
    ],
    ...(line === '2.1' && { name: `${ownPluginPrefix}jwt` }),
  };
}

function* certificateBlocks(input: VokeProfileInput): Generator<string> {
  yield aclBlockText({
    username: input.consoleUsername,
    rules: [
      { access: 'readwrite', topic: allPlantsFilter },
      { access: 'read', topic: '$SYS/#' },
    ],
  });
  yield* mutedBlocks(input);
}

function* mutedBlocks({ revokedPlantIds }: VokeProfileInput): Generator<string> {
  for (const username of revokedPlantIds) yield aclBlockText({ username, rules: [{ access: 'deny', topic: '#' }] });
}

function* passwordBlocks({ passwordUsers }: VokeProfileInput): Generator<string> {
  const block = aclBlockTemplate(plantRules);
  for (const { username, plantId } of passwordUsers) yield block(username, plantId);
}

const plantRules = (plantId: string): AclRule[] => [
  ...topicsWrittenByPlant.map((name) => ({ access: 'write', topic: plantTopic(plantId, name) }) as const),
  ...topicsReadByPlant.map((name) => ({ access: 'read', topic: plantTopic(plantId, name) }) as const),
];

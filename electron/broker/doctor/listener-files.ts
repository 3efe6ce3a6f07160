// What the broker's own files say about one of its listeners, however they are named.

import type { BrokerFile, BrokerFiles } from '../../../shared/model/broker-files.ts';
import { type Acl, parseAclInSteps } from '../../../shared/model/mosquitto/acl.ts';
import { type ConfOption, optionIsTrue, optionValue, parseConf } from '../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { parsePasswdInSteps } from '../../../shared/model/mosquitto/passwd.ts';
import { inSlices } from '../../platform/slices.ts';
import { fileNames } from '../file-names.ts';

export type ListenerFiles = {
  /** Hashes by username; undefined without a password file. */
  readonly passwords: ReadonlyMap<string, string> | undefined;
  /** Undefined without an ACL file: then everything is allowed. `faults` empty: it can be read. */
  readonly acl: { readonly value: Acl; readonly faults: readonly string[] } | undefined;
  /** The JWT plugin's key file, or its set of keys. */
  readonly tokenKey: BrokerFile | undefined;
  readonly tokenKeySet: BrokerFile | undefined;
  readonly takesTokens: boolean;
  readonly takesCertificates: boolean;
  readonly authorityPem: string | undefined;
  readonly crlPem: string | undefined;
  /** In bytes; undefined: no limit. */
  readonly messageSizeLimit: number | undefined;
  /** A client's id is its username, whatever it sends. */
  readonly isClientIdForced: boolean;
  /** What every client id must begin with. */
  readonly clientIdPrefix: string | undefined;
};

/** Undefined where the files do not speak of this port, or cannot be read. */
export async function listenerFiles(
  files: BrokerFiles,
  line: BrokerLine,
  port: number,
): Promise<ListenerFiles | undefined> {
  const text = (file: BrokerFile | undefined) => (file ? Buffer.from(file.content).toString('utf8') : undefined);
  const confText = text(files.find(({ name }) => name === fileNames.conf));
  if (confText === undefined) return undefined;
  const conf = parseConf(confText, line).value;
  const listener = conf.listeners.find((one) => one.port === port);
  if (!listener) return undefined;
  const isApart = optionIsTrue(conf.options, 'per_listener_settings');
  const options = [...(isApart ? [] : conf.options), ...listener.options];
  const named = (list: readonly ConfOption[], keyword: string) => {
    const path = optionValue(list, keyword);
    return path === undefined ? undefined : files.find(({ name }) => name === path.split('/').at(-1));
  };
  const plugins = [...listener.plugins, ...(isApart ? [] : conf.plugins)];
  const pluginOptions = plugins.flatMap((plugin) => plugin.options);
  const passwords = text(named(options, 'password_file'));
  const acl = text(named(options, 'acl_file'));
  const parsedAcl = acl === undefined ? undefined : await inSlices(parseAclInSteps(acl));
  const entries = passwords === undefined ? undefined : (await inSlices(parsePasswdInSteps(passwords))).value;
  const limit = Number(optionValue(conf.options, 'message_size_limit') ?? 0);
  return {
    passwords: entries && new Map(entries.map(({ username, hash }) => [username, hash])),
    acl: parsedAcl && {
      value: parsedAcl.value,
      faults: parsedAcl.faults
        .filter(({ effect }) => effect === 'refused')
        .map((fault) => `line ${fault.line}: ${fault.reason}`),
    },
    tokenKey: named(pluginOptions, 'jwt_sec_file'),
    tokenKeySet: named(pluginOptions, 'jwt_jwks_file'),
    takesTokens: pluginOptions.some(({ keyword }) => keyword.startsWith('jwt_')),
    takesCertificates: optionIsTrue(options, 'require_certificate'),
    authorityPem: text(named(options, 'cafile')),
    crlPem: text(named(options, 'crlfile')),
    messageSizeLimit: limit > 0 ? limit : undefined,
    clientIdPrefix: optionValue(conf.options, 'clientid_prefixes'),
    isClientIdForced: optionIsTrue(options, 'use_username_as_clientid'),
  };
}

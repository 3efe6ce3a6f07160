/** The names of a broker's files below its configuration directory. */
export const fileNames = {
  conf: 'mosquitto.conf',
  passwords: 'passwd-devices',
  /** Of the `plantops` profile. */
  sitePasswords: 'passwd',
  passwordAcl: 'acl-devices',
  acl: 'acl',
  tokenAcl: 'acl-tokens',
  authority: 'ca.crt',
  revocationList: 'ca.crl',
  certificate: 'server.crt',
  privateKey: 'server.key',
  tokenKey: 'jwt-public.der',
  /** JWK set (RFC 7517, section 5). */
  tokenKeySet: 'jwt-keys.json',
} as const;

export type FileKind = 'conf' | 'passwords' | 'acl' | 'other';

const kinds: ReadonlyMap<string, FileKind> = new Map([
  [fileNames.conf, 'conf'],
  [fileNames.passwords, 'passwords'],
  [fileNames.sitePasswords, 'passwords'],
  [fileNames.passwordAcl, 'acl'],
  [fileNames.acl, 'acl'],
  [fileNames.tokenAcl, 'acl'],
]);

/** In which grammar a file is written. */
export const fileKind = (name: string): FileKind => kinds.get(name) ?? 'other';

const { passwords, sitePasswords, privateKey, ...openFiles } = fileNames;
const openNames: ReadonlySet<string> = new Set(Object.values(openFiles));

/** Whether a file must never be shown. A file that the console does not know counts as secret. */
export const isSecretFile = (name: string): boolean => !openNames.has(name);

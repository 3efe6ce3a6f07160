/** The names of a broker's files below its configuration directory. */
export const fileNames = {
  conf: 'mosquitto.conf',
  passwords: 'passwd-devices',
  passwordAcl: 'acl-devices',
  acl: 'acl',
  tokenAcl: 'acl-tokens',
  authority: 'ca.crt',
  revocationList: 'ca.crl',
  certificate: 'server.crt',
  privateKey: 'server.key',
  tokenKey: 'jwt-public.der',
} as const;

const { passwords, privateKey, ...openFiles } = fileNames;
const openNames: ReadonlySet<string> = new Set(Object.values(openFiles));

/** Whether a file must never be shown. A file that the console does not know counts as secret. */
export const isSecretFile = (name: string): boolean => !openNames.has(name);

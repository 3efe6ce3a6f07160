// What a diff may show of a line. Hashes, keys and passwords never; of a line that no grammar explains, nothing.

import { confScope, splitConfLine } from '../../../shared/model/mosquitto/conf.ts';
import { passwdUsername } from '../../../shared/model/mosquitto/passwd.ts';
import { visibleText } from '../../../shared/model/visible-text.ts';
import type { FileKind } from '../file-names.ts';

export const masked = '••••••';
const maxLength = 300;

const secretOptions: ReadonlySet<string> = new Set([
  ...['bridge_identity', 'bridge_psk', 'local_password', 'password', 'remote_password', 'tls_engine_kpass_sha1'],
]);
/** A plugin's options may hold anything; these are the ones that the console writes. */
const openPluginOptions = /^plugin_opt_jwt_(?:alg|sec_file|jwks_file|validate_exp|validate_sub_match_username)$/;
const speaksOfSecrets = /pass|secret|psk|token|credential|\$[67]\$/i;

/** `line` as it may be shown. */
export function maskLine(kind: FileKind, line: string): string {
  const shown = visibleText(maskSecrets(kind, line));
  return shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown;
}

function maskSecrets(kind: FileKind, line: string): string {
  switch (kind) {
    case 'acl':
      return speaksOfSecrets.test(line) && line.startsWith('#') ? `# ${masked}` : line;
    case 'passwords': {
      if (line.trim() === '') return '';
      const username = passwdUsername(line);
      return username === undefined ? masked : `${username}:${masked}`;
    }
    case 'conf':
      return maskConfLine(line);
    case 'other':
      return masked;
  }
}

function maskConfLine(line: string): string {
  if (line.startsWith('#')) return speaksOfSecrets.test(line) ? `# ${masked}` : line;
  const option = splitConfLine(line);
  if (option === undefined) return '';
  const { keyword } = option;
  const scope = confScope(keyword);
  const isOpenPlugin = scope === 'plugin' && (!keyword.includes('_opt_') || openPluginOptions.test(keyword));
  const isKnown = keyword === 'listener' || keyword === 'connection' || isOpenPlugin;
  if (isKnown || (scope !== undefined && scope !== 'plugin' && !secretOptions.has(keyword))) return line;
  return scope === undefined ? masked : `${keyword} ${masked}`;
}

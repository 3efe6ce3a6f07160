// What a line of an acl_file can hold: all that is read back as it was, and that the console's own parser does not object to.
// UTF-8 has no place for a lone surrogate: another character would stand in its place, and mean another topic or user.

import { parseAcl } from '../../../shared/model/mosquitto/acl.ts';

const plainFilter = /^[\w./+#-]+$/;

/** The filter must be a valid one. */
export function isWritableFilter(filter: string): boolean {
  if (plainFilter.test(filter) && filter.length < 20_000) return true;
  if (/[\r\n]/.test(filter) || !filter.isWellFormed()) return false;
  const { value, faults } = parseAcl(`user a\ntopic read ${filter}\n`);
  return faults.length === 0 && value.blocks[0]?.rules[0]?.topic === filter;
}

export function isWritableUsername(username: string): boolean {
  if (/[\r\n]/.test(username) || !username.isWellFormed()) return false;
  const { value, faults } = parseAcl(`user ${username}\n`);
  return faults.length === 0 && value.blocks[0]?.username === username;
}

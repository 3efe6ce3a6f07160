import { groupName, type PolicyDocument, type PolicySubject } from '../../shared/model/policy.ts';

/** Whether a group or scope of the subject has the permission `superuser`. */
export function isSuperuser({ celine }: PolicyDocument, { type, groups, scopes }: PolicySubject): boolean {
  const { group_permissions: byGroup = {}, scope_permissions: byScope = {} } = celine.roles ?? {};
  const grants = (permissions: Readonly<Record<string, readonly string[]>>, name: string) =>
    Object.hasOwn(permissions, name) && permissions[name]?.includes('superuser') === true;
  // Either of them may be written with its slash or without.
  const inGroup = (name: string) => grants(byGroup, groupName(name)) || grants(byGroup, `/${groupName(name)}`);
  return type !== 'nobody' && (groups.some(inGroup) || scopes.some((name) => grants(byScope, name)));
}

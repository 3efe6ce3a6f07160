import { describe, expect, it } from 'vitest';
import { findDrift } from '../../../electron/broker/drift.ts';
import { digestsByName } from '../../../electron/platform/digest.ts';

const file = (name: string, content: string) => ({ name, content: Buffer.from(content), mode: 0o600, secret: false });
const pushed = [file('acl', 'user a\n'), file('passwd-devices', ''), file('ca.crl', 'list')];
const digests = await digestsByName(pushed);

describe('findDrift', () => {
  it('finds nothing where everything is as it was left', async () => {
    expect(await findDrift({ digests }, pushed)).toEqual([]);
  });

  it('shows what somebody changed, added and took away', async () => {
    const found = [file('acl', 'user a\nuser b\n'), file('passwd-devices', ''), file('acl-tokens', 'user c\n')];
    expect(await findDrift({ digests, files: pushed }, found)).toEqual([
      { file: 'acl', change: 'changed', diff: '@@ -1,1 +1,2 @@\n user a\n+user b\n' },
      { file: 'acl-tokens', change: 'added', diff: '@@ -1,0 +1,1 @@\n+user c\n' },
      { file: 'ca.crl', change: 'removed', diff: expect.stringContaining('-4 bytes') },
    ]);
  });

  it('knows of a change by its digest alone, but not what it was', async () => {
    expect(await findDrift({ digests }, [file('acl', 'x'), ...pushed.slice(1)])).toEqual([
      { file: 'acl', change: 'changed', diff: null },
    ]);
  });
});

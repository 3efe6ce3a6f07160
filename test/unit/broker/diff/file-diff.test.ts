import { describe, expect, it } from 'vitest';
import { diffFile } from '../../../../electron/broker/diff/file-diff.ts';
import { masked } from '../../../../electron/broker/diff/mask.ts';
import { sha256Hex } from '../../../../electron/platform/digest.ts';

const file = (name: string, content: string | Uint8Array) => ({
  name,
  content: Buffer.from(content),
  mode: 0o600,
  secret: false,
});
const diff = (name: string, before: string, after: string) => diffFile(name, file(name, before), file(name, after));
const numbered = (count: number, change: (n: number) => string | undefined = () => undefined) =>
  Array.from({ length: count }, (_, index) => `${change(index) ?? `user u${index}`}\n`).join('');

describe('diffFile', () => {
  it('shows what changes with three lines around it', async () => {
    const after = numbered(20, (n) => (n === 9 ? 'user other' : n === 10 ? 'user u10\nuser new' : undefined));
    expect(await diff('acl', numbered(20), after)).toBe(
      [
        '@@ -7,8 +7,9 @@',
        ' user u6',
        ' user u7',
        ' user u8',
        '-user u9',
        '+user other',
        ' user u10',
        '+user new',
        ' user u11',
        ' user u12',
        ' user u13',
        '',
      ].join('\n'),
    );
  });

  it('shows far changes apart from each other', async () => {
    const after = numbered(40, (n) => (n === 2 || n === 37 ? 'user other' : undefined));
    const text = await diff('acl', numbered(40), after);
    expect(text.match(/^@@.*@@$/gm)).toEqual(['@@ -1,6 +1,6 @@', '@@ -35,6 +35,6 @@']);
  });

  it('shows files that come, go or stay', async () => {
    expect(await diffFile('acl', undefined, file('acl', 'user a\n'))).toBe('@@ -1,0 +1,1 @@\n+user a\n');
    expect(await diffFile('acl', file('acl', 'user a\n'), undefined)).toBe('@@ -1,1 +1,0 @@\n-user a\n');
    expect(await diff('acl', 'user a\n', 'user a\n')).toBe('');
  });

  it('says only how much differs when nobody would read it', async () => {
    const text = await diff(
      'acl',
      numbered(500),
      numbered(600, (n) => `user x${n}`),
    );
    expect(text).toBe('@@ more than 400 lines differ, from line 1 on: 500 before, 600 now @@\n');
  });

  it('never shows a hash', async () => {
    const text = await diff(
      'passwd-devices',
      'bob:$7$101$oldhash\n# was: old-secret\n',
      'bob:$7$101$newhash\nann:plain-secret\nstray-secret\n',
    );
    expect(text).toContain(`-bob:${masked}\n`);
    expect(text).toContain(`+ann:${masked}\n`);
    expect(text).not.toMatch(/hash|secret/);
  });

  it('never shows a password or key of a configuration, or what it cannot read there', async () => {
    const secrets = [
      'remote_password top-s3',
      'bridge_psk 0a0b0c',
      'plugin_opt_jwt_sec_base64 dG9wLXMz',
      'remote_pasword top-s3',
      '# remote_password top-s3',
    ];
    const text = await diff('mosquitto.conf', '', ['persistence true', '# a remark', ...secrets, ''].join('\n'));
    expect(text).toContain('+persistence true\n+# a remark\n');
    expect(text).not.toMatch(/top-s3|0a0b0c|dG9wLXMz/);
  });

  it('shows no text that hides, and no line without end', async () => {
    const text = await diff('acl', '', `user a\u202eb\nuser ${'x'.repeat(1000)}\n`);
    expect(text).toContain('\\u202e');
    expect(text.length).toBeLessThan(500);
  });

  it('shows of keys and certificates only that they differ', async () => {
    const text = await diffFile('server.key', file('server.key', 'old key'), file('server.key', 'new key'));
    expect(text).toBe(
      `@@ the whole file @@\n-7 bytes, SHA-256 ${await sha256Hex(Buffer.from('old key'))}\n+7 bytes, SHA-256 ${await sha256Hex(Buffer.from('new key'))}\n`,
    );
  });
});

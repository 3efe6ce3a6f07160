import { describe, expect, it } from 'vitest';
import { mergeForeign } from '../../../../electron/broker/foreign/merge-foreign.ts';
import type { BrokerFiles } from '../../../../shared/model/broker-files.ts';
import { type Acl, parseAcl } from '../../../../shared/model/mosquitto/acl.ts';
import { renderAcl } from '../../../../shared/model/mosquitto/acl-text.ts';
import { parsePasswd, renderPasswd } from '../../../../shared/model/mosquitto/passwd.ts';
import { generatedAcl, generatedPasswd } from '../../../support/generated-files.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const hash = (letter: string) => `$7$101$${letter.repeat(16)}$${letter.repeat(85)}A==`;
const owned = { usernames: new Set(['plc-1', 'plc-2', 'plc-old', 'console']), ports: new Set([8883, 8885, 8884]) };
const heading = '# Written by Voke Console, which renews its own entries at every push and leaves the others alone.';

const file = (name: string, content: string): BrokerFiles[number] => ({
  name,
  content: Buffer.from(content),
  mode: 0o600,
  secret: false,
});
const merge = (name: string, found: string, rendered: string, line: '2.0' | '2.1' = '2.0') => {
  const { files, kept } = mergeForeign([file(name, found)], [file(name, rendered)], owned, line);
  return { text: Buffer.from(files[0]?.content ?? []).toString(), kept: kept.map(({ entry }) => entry) };
};
const refusal = (name: string, found: string | Uint8Array, rendered = '') => {
  try {
    mergeForeign([{ ...file(name, ''), content: Buffer.from(found) }], [file(name, rendered)], owned, '2.0');
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('a password file', () => {
  const rendered = `plc-1:${hash('A')}\nplc-2:${hash('B')}\n`;

  it('keeps other users and comments in their places, and renews its own', () => {
    const found = `# site accounts\nnodered:${hash('N')}\nplc-1:${hash('Z')}\n\nplc-old:${hash('O')}\nscada:${hash('S')}`;
    expect(merge('passwd-devices', found, rendered)).toEqual({
      text: `# site accounts\nnodered:${hash('N')}\nplc-1:${hash('A')}\n\nscada:${hash('S')}\nplc-2:${hash('B')}\n`,
      kept: ['user nodered', 'user scada'],
    });
  });

  it('is the rendered one when nobody else wrote into it', () => {
    expect(merge('passwd-devices', `plc-old:${hash('O')}\nplc-2:${hash('Z')}\n`, rendered).text).toBe(rendered);
  });

  it('takes away what it ever managed, however it is written', () => {
    const { text } = merge('passwd-devices', ` plc-old :${hash('O')}\nbob:${hash('N')}\n`, rendered);
    expect(text).not.toContain('plc-old');
  });

  it('does not mind damage in lines that it renews', () => {
    expect(merge('passwd-devices', `plc-1:damaged\nplc-1:${hash('Z')}\nbob:${hash('N')}\n`, rendered).text).toBe(
      `plc-1:${hash('A')}\nbob:${hash('N')}\nplc-2:${hash('B')}\n`,
    );
  });

  it.each([
    ['a hash that nobody reads', `bob:${hash('N')}\nann:secret-text\n`, 2],
    ['a user twice', `bob:${hash('N')}\nbob:${hash('N')}\n`, 2],
    ['a line without a colon', `bob:${hash('N')}\n\nsecret-text\n`, 3],
    ['bytes that are no text', Buffer.from([0x61, 0x0a, 0xff, 0x0a]), 2],
  ])('is refused for %s, by file and line only', (_what, found, line) => {
    const error = refusal('passwd-devices', found);
    expect(error).toMatchObject({ code: 'broker/foreign-file-invalid', details: { file: 'passwd-devices', line } });
    expect(JSON.stringify([error, Object(error).message])).not.toContain('secret-text');
  });

  it('may be any file without faults of its own', () => {
    const random = new SeededRandom(1);
    let merged = 0;
    for (let round = 0; round < 500; round++) {
      const found = generatedPasswd(random);
      const { value, faults } = parsePasswd(found.toString('utf8'));
      if (faults.length > 0 || refusal('passwd-devices', found) !== undefined) continue;
      const after = parsePasswd(merge('passwd-devices', found.toString('utf8'), rendered).text);
      const others = value.filter(({ username }) => !owned.usernames.has(username));
      expect(after.faults).toEqual([]);
      expect(after.value).toEqual(expect.arrayContaining([...others, ...parsePasswd(rendered).value]));
      expect(after.value).toHaveLength(others.length + 2);
      merged++;
    }
    expect(merged).toBeGreaterThan(100);
  });
});

describe('an ACL file', () => {
  const own: Acl = {
    patterns: [{ access: 'write', topic: 'cpi/%u/telemetry' }],
    blocks: [
      { username: 'console', rules: [{ access: 'readwrite', topic: 'cpi/#' }] },
      { username: 'plc-1', rules: [{ access: 'deny', topic: '#' }] },
    ],
  };
  const rendered = renderAcl(own, [heading.slice(2)]);

  it('keeps other users, patterns and comments, and renews its own blocks', () => {
    const found = [
      '# Written by Voke Console. An older heading.',
      'pattern read cpi/%u/old',
      'pattern read site/%c/#',
      '',
      'user nodered',
      'topic read cpi/#',
      '# the line below is ours',
      'topic write site/x',
      '',
      'user plc-old',
      'topic readwrite #',
      'pattern write among/%u/others',
      '',
      'user console',
      'topic readwrite everything/#',
      '',
    ].join('\n');
    expect(merge('acl', found, rendered)).toEqual({
      text: [
        heading,
        'pattern write cpi/%u/telemetry',
        '',
        'pattern read site/%c/#',
        '',
        'user nodered',
        'topic read cpi/#',
        '# the line below is ours',
        'topic write site/x',
        'pattern write among/%u/others',
        '',
        'user console',
        'topic readwrite cpi/#',
        '',
        'user plc-1',
        'topic deny #',
        '',
      ].join('\n'),
      kept: ['a pattern', 'user nodered', 'a pattern'],
    });
  });

  it('is the rendered one when nobody else wrote into it', () => {
    expect(merge('acl', 'pattern read cpi/%u/x\n\nuser plc-old\ntopic readwrite #\n', rendered).text).toBe(rendered);
  });

  it('stays as it is at the next push', () => {
    const first = merge('acl', 'user nodered\ntopic read #\n', rendered).text;
    expect(merge('acl', first, rendered).text).toBe(first);
  });

  it.each([
    ['an unknown word', 'user nodered\nsecret-text\n', 2],
    ['an unknown word among its own', 'user plc-1\nuxer nodered\n', 2],
    ['a misplaced wildcard', 'user nodered\n\ntopic read a/#/secret-text\n', 3],
    ['a topic of nobody', 'topic read secret-text\n', 1],
  ])('is refused for %s', (_what, found, line) => {
    const error = refusal('acl', found, rendered);
    expect(error).toMatchObject({ code: 'broker/foreign-file-invalid', details: { file: 'acl', line } });
    expect(JSON.stringify([error, Object(error).message])).not.toContain('secret-text');
  });

  it('may be any file without faults of its own', () => {
    const random = new SeededRandom(2);
    let merged = 0;
    for (let round = 0; round < 500; round++) {
      const found = generatedAcl(random);
      const before = parseAcl(found.toString('utf8'));
      if (before.faults.length > 0 || refusal('acl', found, rendered) !== undefined) continue;
      const after = parseAcl(merge('acl', found.toString('utf8'), rendered).text);
      expect(after.faults).toEqual([]);
      const named = ({ blocks }: Acl) => new Map(blocks.map((block) => [block.username, block.rules]));
      for (const [username, rules] of named(before.value)) expect(named(after.value).get(username)).toEqual(rules);
      for (const [username, rules] of named(own)) expect(named(after.value).get(username)).toEqual(rules);
      const others = before.value.patterns.filter(({ topic }) => !topic.startsWith('cpi/'));
      expect(after.value.patterns).toEqual([...own.patterns, ...others]);
      merged++;
    }
    expect(merged).toBeGreaterThan(50);
  });
});

describe('files that are nobody else’s', () => {
  it('are replaced as a whole, and what is not rendered is not added', () => {
    const found = [file('ca.crl', 'theirs'), file('server.key', 'theirs'), file('other', 'x')];
    const rendered = [file('ca.crl', 'ours'), file('passwd-devices', renderPasswd([]))];
    expect(mergeForeign(found, rendered, owned, '2.0')).toEqual({ files: rendered, kept: [] });
  });
});

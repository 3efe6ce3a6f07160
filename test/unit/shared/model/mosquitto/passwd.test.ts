import { describe, expect, it } from 'vitest';
import { finish } from '../../../../../shared/model/mosquitto/fault.ts';
import {
  checkPasswdInSteps,
  parsePasswd,
  parsePasswordHash,
  renderPasswd,
} from '../../../../../shared/model/mosquitto/passwd.ts';
import { generatedPasswd } from '../../../../support/generated-files.ts';
import { SeededRandom } from '../../../../support/seeded-random.ts';

const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');
const hash = `$7$1000$${base64(12)}$${base64(64)}`;

describe('password files', () => {
  it('come back from their text as they were', () => {
    const entries = [
      { username: 'plc-a1b2c3d4', hash },
      { username: 'plc-00000000', hash },
    ];
    expect(parsePasswd(renderPasswd(entries))).toEqual({ value: entries, faults: [] });
    expect(renderPasswd([])).toBe('');
  });

  it('may have comments, empty lines and Windows line ends', () => {
    expect(parsePasswd(`# a comment\r\n\r\nbob:${hash}\r\n`)).toEqual({
      value: [{ username: 'bob', hash }],
      faults: [],
    });
  });

  it.each([
    ['refused', 'a plain password', 'bob:secret'],
    ['refused', 'no hash', 'bob:'],
    ['refused', 'no name', `:${hash}`],
    ['refused', 'a name twice', `first:${hash}`],
    ['refused', 'a salt of 64 bytes, which 2.0 cannot read', `bob:$7$1000$${base64(64)}$${base64(64)}`],
    ['refused', 'a key that is too short', `bob:$7$1000$${base64(12)}$${base64(32)}`],
    ['refused', 'no padding', `bob:${hash.replaceAll('=', '')}`],
    ['refused', 'no iterations', `bob:$7$0$${base64(12)}$${base64(64)}`],
    ['misread', 'a line without a colon', 'bob'],
    ['misread', 'white space before the name', ` bob:${hash}`],
    ['misread', 'a third field', `bob:${hash}:more`],
    ['misread', 'a byte order mark', `\ufeffbob:${hash}`],
  ])('%s: %s', (effect, _what, line) => {
    const { faults } = parsePasswd(`first:${hash}\n${line}\n`);
    expect(faults.map((fault) => [fault.line, fault.effect])).toContainEqual([2, effect]);
    expect(JSON.stringify(faults)).not.toContain(base64(12));
  });

  it('are not rendered from names that would become something else', () => {
    for (const username of ['a:b', 'a\nb', '#a']) expect(() => renderPasswd([{ username, hash }])).toThrow(RangeError);
  });
});

describe('checkPasswdInSteps', () => {
  it('finds what parsePasswd finds, line by line', () => {
    const random = new SeededRandom(5);
    for (let round = 0; round < 2_000; round++) {
      const text = generatedPasswd(random).toString('utf8');
      expect(finish(checkPasswdInSteps(text))).toEqual(parsePasswd(text).faults);
    }
  });

  it('misses nothing in lines that differ by one character from what it knows', () => {
    const random = new SeededRandom(6);
    const line = `plc-a1b2c3d4:${hash}\n`;
    for (let at = 0; at < line.length; at++) {
      for (const other of [
        '',
        '$',
        ':',
        '=',
        'A',
        'B',
        '0',
        '-',
        ' ',
        '\n',
        String.fromCharCode(random.below(0x2000)),
      ]) {
        const text = `first:${hash}\n${line.slice(0, at)}${other}${line.slice(at + 1)}last:${hash}\n`;
        expect(finish(checkPasswdInSteps(text))).toEqual(parsePasswd(text).faults);
      }
    }
  });
});

describe('parsePasswordHash', () => {
  it('takes a hash apart', () => {
    expect(parsePasswordHash(hash)).toEqual({ iterations: 1000, salt: base64(12), key: base64(64) });
  });
});

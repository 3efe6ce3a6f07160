import { describe, expect, it } from 'vitest';
import { readCsv, separatorOf } from '../../../shared/model/csv.ts';

const read = (text: string) => [...readCsv(text)];
const fieldsOf = (text: string) => read(text).map((record) => ('fields' in record ? record.fields : record.broken));

describe('a CSV reader', () => {
  it('reads what RFC 4180 gives as examples', () => {
    expect(fieldsOf('aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n')).toEqual([
      ['aaa', 'bbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ]);
    expect(fieldsOf('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx')).toEqual([
      ['aaa', 'b\r\nbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ]);
    expect(fieldsOf('"aaa","b""bb","ccc"')).toEqual([['aaa', 'b"bb', 'ccc']]);
  });

  it('reads what spreadsheets write beside it', () => {
    expect(fieldsOf('\ufeffname;site\nA;B\n')).toEqual([
      ['name', 'site'],
      ['A', 'B'],
    ]);
    expect(fieldsOf('a\tb\tc,d')).toEqual([['a', 'b', 'c,d']]);
    expect(separatorOf('"a,b,c";d')).toBe(';');
    expect(fieldsOf('a,,\n,,"')).toEqual([['a', '', ''], 'a quote that is never closed']);
    expect(fieldsOf('')).toEqual([]);
  });

  it('tells a broken line by its number, and reads on behind it', () => {
    expect(read('a,b\n"x"y,z\n\nc"d,e\n"f\ng,h\n"i\nj",k\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, broken: 'text after a closing quote' },
      { line: 4, broken: 'a quote inside a field without quotes' },
      { line: 5, broken: 'text after a closing quote' },
      { line: 6, fields: ['g', 'h'] },
      { line: 7, fields: ['i\nj', 'k'] },
    ]);
    expect(read('a,b\n"f\ng,h\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, broken: 'a quote that is never closed' },
      { line: 3, fields: ['g', 'h'] },
    ]);
  });
});

// Reads CSV as RFC 4180 has it, strictly: what cannot be meant is told with its line instead of being guessed at.
// Three things are taken beyond it, since spreadsheets write them: a byte order mark, lines that end in a line feed only,
// and a semicolon or tab for the comma (Excel, wherever the comma stands in numbers).

export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  /** `broken` says what is wrong; reading goes on at the next line. */
  | { readonly line: number; readonly broken: string };

const separators = [',', ';', '\t'] as const;
export type CsvSeparator = (typeof separators)[number];

/** The separator that stands most often in the first line, outside quotes. */
export function separatorOf(text: string): CsvSeparator {
  const [head = ''] = text.split(/\r?\n/, 1);
  const bare = head.replaceAll(/"[^"]*"/g, '');
  const count = (separator: string) => bare.split(separator).length;
  return separators.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

/** Every record with the line that it begins in, counted from 1; lines without a character are left out. */
export function* readCsv(text: string, separator: CsvSeparator = separatorOf(text)): Generator<CsvRecord> {
  let offset = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 1; offset < text.length; ) {
    const record = readRecord(text, offset, separator);
    if (typeof record === 'string') yield { line, broken: record };
    else if (record.fields.length > 1 || record.fields[0] !== '') yield { line, fields: record.fields };
    const next = typeof record === 'string' ? endOfLine(text, offset) : record.next;
    line += lineFeedsIn(text, offset, next);
    offset = next;
  }
}

/** The fields from `offset` on and where the next record begins, or what is wrong. */
function readRecord(text: string, offset: number, separator: string) {
  const fields: string[] = [];
  for (let at = offset; ; at += 1) {
    const field = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, separator);
    if (typeof field === 'string') return field;
    fields.push(field.value);
    at = field.end;
    if (text[at] === separator) continue;
    const next = afterLineEnd(text, at);
    return next === undefined ? 'text after a closing quote' : { fields, next };
  }
}

function readQuoted(text: string, start: number) {
  let value = '';
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return 'a quote that is never closed';
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function readPlain(text: string, start: number, separator: string) {
  let end = start;
  while (end < text.length && text[end] !== separator && afterLineEnd(text, end) === undefined) end += 1;
  const value = text.slice(start, end);
  return value.includes('"') ? 'a quote inside a field without quotes' : { value, end };
}

/** Where the next line begins, when a line ends here. */
function afterLineEnd(text: string, at: number): number | undefined {
  if (at >= text.length) return at;
  if (text[at] === '\n') return at + 1;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : undefined;
}

function endOfLine(text: string, from: number): number {
  const lineFeed = text.indexOf('\n', from);
  return lineFeed < 0 ? text.length : lineFeed + 1;
}

function lineFeedsIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

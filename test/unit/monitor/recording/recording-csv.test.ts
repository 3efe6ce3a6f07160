import { expect, it } from 'vitest';
import type { RecordedMessage } from '../../../../electron/monitor/recording/recorded-message.ts';
import {
  recordingCsvEndLine,
  recordingCsvHeader,
  recordingCsvLine,
  recordingCsvLossLine,
  shownPayloadLength,
} from '../../../../electron/monitor/recording/recording-csv.ts';

const line = (payload: string | Uint8Array, rest: Partial<RecordedMessage> = {}): string =>
  recordingCsvLine({
    time: 0,
    topic: 'a',
    payloadBase64: Buffer.from(payload).toString('base64'),
    qos: 0,
    retain: true,
    ...rest,
  });

/** Cells of a line (RFC 4180). */
const cells = (text: string): string[] =>
  [...text.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

it('quotes, escapes controls and disarms formulas', () => {
  const payload = '=1+"2"\n';
  expect(line(payload, { topic: '@a,b' })).toBe(
    `1970-01-01T00:00:00.000Z,"'@a,b",0,true,7,"'=1+""2""\\n","data:application/octet-stream;base64,${btoa(payload)}",\r\n`,
  );
});

it.each(['+1+cmd|x', '-1+1', '@SUM(1)', '＝1+1', '-'])('disarms %s', (payload) => {
  expect(cells(line(payload))[5]).toBe(`'${payload}`);
});

it.each(['-5.2', '+7', '-1e-9', '42', 'a=b'])('leaves %s as it is', (payload) => {
  expect(cells(line(payload))[5]).toBe(payload);
});

it.each([
  ['base64 that begins like a formula', [0xf8, 0xff, 0xff]],
  ['base64 of digits alone', [0xd7, 0x6d, 0xf8]],
  ['nothing', []],
])('holds every payload whole and no formula: %s', async (_what, bytes) => {
  const uri = cells(line(Uint8Array.from(bytes)))[6] ?? '';
  expect(uri).toMatch(/^data:/);
  const decoded = await (await fetch(uri)).arrayBuffer();
  expect([...new Uint8Array(decoded)]).toEqual(bytes);
});

it('cuts what it shows of a long payload, never in an escape or a character, and says its true size', () => {
  for (const text of [
    'a'.repeat(shownPayloadLength - 1),
    '\0'.repeat(90_000),
    `a${'😀'.repeat(40_000)}`,
    '\u{e0001}'.repeat(9000),
  ]) {
    const [, , , , bytes, shown = ''] = cells(line(text));
    expect(bytes).toBe(String(Buffer.byteLength(text)));
    expect(shown.length).toBeLessThanOrEqual(shownPayloadLength + 1);
    expect(shown).toMatch(/^(a*(\\u0000|\\u\{e0001\}|😀)*)…?$/u);
    expect(shown.endsWith('…')).toBe(text.length >= shownPayloadLength || shown.includes('\\'));
  }
});

it('makes the line of four megabytes of controls without holding anybody up for all of it', () => {
  const payloadBase64 = Buffer.alloc(4 * 1024 * 1024, 1).toString('base64');
  const text = recordingCsvLine({ time: 0, topic: 'a', payloadBase64, qos: 0, retain: false });
  expect(text.length - payloadBase64.length).toBeLessThan(shownPayloadLength + 200);
  expect(text).toContain(payloadBase64);
});

it('says where something is missing, in the same columns', () => {
  const gap = recordingCsvLossLine({ missing: { what: 'away', from: 0, until: 14_000 } });
  expect(cells(gap)).toHaveLength(recordingCsvHeader.split(',').length);
  expect(cells(gap).at(-1)).toBe('the connection was away, until 1970-01-01T00:00:14.000Z');
  const lost = recordingCsvLossLine({ missing: { what: 'oversized', from: 0, until: 1, messages: 3 } });
  expect(lost).toContain('3 messages were too large');
});

it('says where it ends too early, and nothing where it does not', () => {
  const cut = recordingCsvEndLine('cut', 14_000);
  expect(cells(cut)).toHaveLength(recordingCsvHeader.split(',').length);
  expect(cells(cut)[0]).toBe('1970-01-01T00:00:14.000Z');
  expect(cells(cut).at(-1)).toBe('the recording was cut in the middle: what came then is not known');
  expect(recordingCsvEndLine('disk-full', 0)).toContain('full disk');
  for (const ending of ['stopped', 'locked', 'replaced', 'full'] as const)
    expect(recordingCsvEndLine(ending, 0)).toBe('');
});

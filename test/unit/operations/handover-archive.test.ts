import { expect, test } from 'vitest';
import { handoverJson, readKept, verifyWords, writeKept } from '../../../electron/operations/handover-archive.ts';
import { canonicalJson } from '../../../shared/model/canonical-json.ts';
import { handoverRecordSchema } from '../../../shared/model/handover.ts';
import { handoverPlant, handoverRecord } from '../../support/handover-record.ts';

const record = handoverRecord({ plants: [handoverPlant('a'), handoverPlant('b', { name: 'Čerpadlo "4"\u2028' })] });
const written = async (value: typeof record) => Buffer.from(await handoverJson(value)).toString('utf8');

test('the JSON is of its documented form, with its keys sorted, a plant a line', async () => {
  const text = await written(record);
  const read = JSON.parse(text);
  expect(handoverRecordSchema.parse(read)).toEqual(record);
  expect(canonicalJson(read)).toBe(canonicalJson(record));
  expect(Object.keys(read)).toEqual(Object.keys(record).toSorted());
  const lines = text.split('\n');
  expect(lines.filter((line) => line.includes('"plantId"'))).toHaveLength(2);
  expect(Object.keys(read.plants[0])).toEqual(Object.keys(read.plants[0]).toSorted());
});

test('the same record is written alike, whatever the order of its keys was', async () => {
  const turned = Object.fromEntries(Object.entries(record).toReversed()) as typeof record;
  expect(await written(turned)).toBe(await written(record));
});

test('what the vault keeps comes back as it was', async () => {
  const kept = {
    folder: 'handover-0007-2031-05-06',
    at: new Date('2031-05-06T07:08:09Z'),
    files: [{ name: 'a', content: Buffer.from([0, 1, 255]) }],
    recordings: [{ recordingId: 'r', sha256: '0' }],
  };
  expect(await readKept(await writeKept(kept))).toEqual(kept);
});

test('the way to verify names the authority, and what changes when it has ended', () => {
  const words = verifyWords(record);
  expect(words).toContain('AA:BB');
  expect(words).toContain('After 2041-05-06');
});

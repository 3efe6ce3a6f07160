import { expect, test } from 'vitest';
import { alertCsv } from '../../../electron/operations/alert-csv.ts';
import { readCsv } from '../../../shared/model/csv.ts';
import { createVault } from '../../support/vault.ts';
import { alertRow, moment } from '../../support/vault-rows.ts';

test('the whole log leaves with begin, end and duration, and no cell is a formula', async () => {
  const { vault } = await createVault();
  const endedAt = new Date(Date.parse(moment) + 90_000).toISOString();
  for (let i = 0; i < 250; i++) {
    const what = i === 0 ? '=HYPERLINK("http://x")' : `say "${i}"\n`;
    vault.alerts.put(alertRow({ alertId: `${i}`, what, endedAt: i === 0 ? null : endedAt }));
  }
  const csv = await alertCsv({ vault });
  const [head, ...rows] = [...readCsv(csv)].map((record) => ('fields' in record ? record.fields : []));
  expect(rows).toHaveLength(250);
  const cell = (row: readonly string[] | undefined, name: string) => row?.[head?.indexOf(name) ?? -1];
  expect(cell(rows[0], 'what')).toBe('\'=HYPERLINK("http://x")');
  expect([cell(rows[0], 'ended'), cell(rows[0], 'seconds')]).toEqual(['', '']);
  expect([cell(rows[9], 'began'), cell(rows[9], 'ended'), cell(rows[9], 'seconds')]).toEqual([moment, endedAt, '90']);
  expect(cell(rows[9], 'what')).toMatch(/^say "\d+"\\n$/);
});

test('an alert that ends while the log is written is in it once, and hides no other', async () => {
  const { vault } = await createVault();
  for (let i = 0; i < 300; i++) vault.alerts.put(alertRow({ alertId: `${i}`, what: `alarm ${i}`, endedAt: null }));
  const writing = alertCsv({ vault });
  for (let i = 0; i < 300; i += 2) vault.alerts.put(alertRow({ alertId: `${i}`, what: `alarm ${i}`, endedAt: moment }));
  const told = [...(await writing).matchAll(/"alarm (\d+)"/g)].map(([, number]) => Number(number));
  expect(told.toSorted((a, b) => a - b)).toEqual([...Array(300).keys()]);
});

test('a sign that some spreadsheets read as = begins no formula either, and a number is none', async () => {
  const { vault } = await createVault();
  vault.alerts.put(alertRow({ alertId: '1', what: '＝HYPERLINK("http://x")', value: '-5.2' }));
  const csv = await alertCsv({ vault });
  expect(csv).toContain(`"'＝HYPERLINK(""http://x"")"`);
  expect(csv).toContain('"-5.2"');
});

// Names come from operators and from files of strangers: on the page they are text, whatever they hold.

import { expect, test } from 'vitest';
import { handoverPage } from '../../../electron/operations/handover-page.ts';
import type { HandoverRecord } from '../../../shared/model/handover.ts';
import { handoverCredential, handoverPlant, handoverRecord } from '../../support/handover-record.ts';
import { recordingRow } from '../../support/vault-rows.ts';

const page = async (part: Partial<HandoverRecord>) =>
  Buffer.from(await handoverPage(handoverRecord(part), 'openssl & <you>')).toString('utf8');

/** Every text of a value, replaced. */
function poisoned<T>(value: T, text: string): T {
  if (typeof value === 'string') return text as T;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, text)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, poisoned(part, text)])) as T;
}

const whole = handoverRecord({
  remark: 'two\nlines',
  scope: { kind: 'site', site: 'Hall 1' },
  plants: [
    handoverPlant('a', { credential: handoverCredential({ serialNumber: '0a', fingerprint: 'AA', deployedBy: null }) }),
  ],
  recordings: [recordingRow({ sha256: '2'.repeat(64), filters: ['cpi/#'] })],
  remarks: [{ kind: 'plantNotActive', id: 'x', name: 'Pump', text: 'PENDING' }],
});

test.each([
  ['markup', `<script>alert(1)</script><img src=x onerror='a' title="b">&lt;`],
  ['the end of an attribute or a comment', `"><!-- --></td></style><b>`],
])('no text of a record becomes %s', async (_what, text) => {
  const clean = await page(whole);
  const hostile = await page({ ...poisoned(whole, text), scope: { kind: 'site', site: text } });
  const tags = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag).sort();
  // A text that is the same everywhere hides no cell, and adds nothing but line breaks.
  const known = new Set(tags(clean));
  expect(tags(hostile).filter((tag) => !known.has(tag))).toEqual([]);
  expect(hostile).not.toContain('<script');
  expect(hostile).not.toContain('<img');
  expect(hostile).toContain(text.includes('script') ? '&lt;script&gt;' : '&quot;&gt;&lt;!--');
});

test('what cannot be seen is written out, so that no name passes for another', async () => {
  const html = await page({ plants: [handoverPlant('a', { name: 'Pump\u202e4 pmuP\u0000' })] });
  expect(html).toContain('Pump\\u202e4 pmuP\\u0000');
});

test('asks nobody for anything, and runs nothing', async () => {
  const html = await page(whole);
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(html).not.toMatch(/\b(src|href|on\w+)\s*=/i);
  expect(html).not.toMatch(/https?:|url\(/);
});

test('has every fingerprint and name that the record has', async () => {
  const html = await page(whole);
  const { audit, signedWith, authorities, brokers, plants, recordings } = whole;
  for (const text of [
    audit.hash,
    signedWith.fingerprint,
    authorities[0]?.fingerprint,
    brokers[0]?.certificate?.fingerprint,
    brokers[0]?.files['mosquitto.conf'],
    plants[0]?.plantId,
    plants[0]?.credential?.fingerprint,
    recordings[0]?.sha256,
    'two<br>lines',
    'openssl &amp; &lt;you&gt;',
  ]) {
    expect(html).toContain(text);
  }
});

import { describe, expect, test } from 'vitest';
import { handoverRemarks } from '../../../electron/operations/handover-remarks.ts';
import type { HandoverPlant, HandoverRecord } from '../../../shared/model/handover.ts';
import { handoverCredential, handoverPlant, handoverRecord } from '../../support/handover-record.ts';
import { moment, recordingRow } from '../../support/vault-rows.ts';

const now = new Date('2031-06-01T00:00:00Z');
const remarks = (part: Partial<HandoverRecord> = {}, brokenAt?: number, restoredAt: string | null = null) =>
  handoverRemarks(handoverRecord(part), now, { brokenAt, restoredAt }).map(({ kind, text }) => [kind, text]);
const aboutPlant = (part: Partial<HandoverPlant>) => remarks({ plants: [handoverPlant('a', part)] });
const [broker] = handoverRecord().brokers;
const [authority] = handoverRecord().authorities;
if (!broker || !authority) throw new Error('the record of the tests names none');

test('of what is as it should be there is nothing to say', () => {
  expect(remarks()).toEqual([]);
});

test('a broken audit trail comes first', () => {
  expect(remarks({}, 12)).toEqual([['auditBroken', expect.stringContaining('line 12')]]);
});

test('a vault that came from a backup is told of', () => {
  expect(remarks({}, undefined, '2031-04-02T00:00:00.000Z')).toEqual([
    ['vaultRestored', expect.stringContaining('backup on 2031-04-02')],
  ]);
});

describe('an authority', () => {
  test.each([
    ['2031-05-01T00:00:00.000Z', 'It ended on 2031-05-01, and every certificate with it.'],
    ['2031-07-01T00:00:00.000Z', 'It ends on 2031-07-01, and every certificate with it.'],
  ])('that ends at %s', (notAfter, text) => {
    expect(remarks({ authorities: [{ ...authority, notAfter }] })).toEqual([['authorityEndsSoon', text]]);
  });

  test.each(['next', 'retiring'] as const)('that is followed: %s', (state) => {
    expect(remarks({ authorities: [authority, { ...authority, state }] })).toEqual([
      ['authorityChanging', expect.stringContaining('not finished')],
    ]);
  });
});

test('a broker that is a practice one, was never pushed to, waits, or will refuse everybody soon', () => {
  const soon = '2031-06-30T00:00:00.000Z';
  const certificate = { serialNumber: '0b', fingerprint: 'CC', notAfter: soon };
  const odd = { ...broker, target: 'practice', lastPushedAt: null, pushPending: true, certificate } as const;
  expect(remarks({ brokers: [{ ...odd, crlNextUpdate: soon }] }).map(([kind]) => kind)).toEqual([
    'practiceBroker',
    'brokerNotPushed',
    'brokerPushPending',
    'crlEndsSoon',
    'credentialEndsSoon',
  ]);
});

describe('a plant', () => {
  test.each<[string, Partial<HandoverPlant>, string, string]>([
    ['without a credential', { status: 'PENDING', credential: null }, 'plantNotActive', 'no credential was issued'],
    [
      'whose credential waits',
      { status: 'PENDING', credential: handoverCredential({ isWaiting: true }) },
      'plantNotActive',
      'waits in the console',
    ],
    ['that was never heard', { status: 'PENDING' }, 'plantNotActive', 'no session was verified'],
    [
      'that was revoked',
      { status: 'REVOKED', revokedAt: '2031-05-07T00:00:00.000Z' },
      'plantNotActive',
      'on 2031-05-07',
    ],
    [
      'by word alone',
      { credential: handoverCredential({ firstSessionAt: null, confirmedAt: moment }) },
      'credentialNotProven',
      'since 2031-05-06',
    ],
    [
      'whose certificate ends',
      { credential: handoverCredential({ kind: 'certificate', validUntil: '2031-08-01T00:00:00.000Z' }) },
      'credentialEndsSoon',
      'ends on 2031-08-01',
    ],
    ['whose device is empty', { deployment: 'lost' }, 'deviceDiffers', 'on 2031-05-06 that it holds no credential'],
    ['whose device holds others', { deployment: 'foreign' }, 'deviceDiffers', 'did not issue'],
  ])('%s', (_what, part, kind, text) => {
    expect(aboutPlant(part)).toEqual([[kind, expect.stringContaining(text)]]);
  });

  test('that was heard after it was revoked', () => {
    const part = { status: 'REVOKED', revokedAt: '2031-05-01T00:00:00.000Z', lastSeenAt: moment } as const;
    expect(aboutPlant(part).map(([kind]) => kind)).toEqual(['plantNotActive', 'plantHeardAfterRevocation']);
  });

  test.each([
    ['a token, which it renews by itself', { kind: 'token', validUntil: moment } as const],
    ['a certificate without an end', { kind: 'certificate', validUntil: '9999-12-31T23:59:59.000Z' } as const],
    ['a certificate for years', { kind: 'certificate', validUntil: '2033-01-01T00:00:00.000Z' } as const],
  ])('nothing of %s', (_what, credential) => {
    expect(aboutPlant({ credential: handoverCredential(credential) })).toEqual([]);
  });
});

describe('a recording', () => {
  const complete = { endedAt: moment, ending: 'stopped', sha256: '0'.repeat(64) } as const;
  const counted = { dropped: 0, oversized: 0, droppedByBroker: 0, gaps: 0, gapMs: 0 };
  const about = (part: Parameters<typeof recordingRow>[0]) =>
    remarks({ recordings: [recordingRow({ ...complete, ...counted, ...part })] });

  test('that misses nothing', () => {
    expect(about({})).toEqual([]);
    expect(about({ droppedByBroker: null })).toEqual([]);
  });

  test.each<[Parameters<typeof recordingRow>[0], string]>([
    [{ dropped: 3 }, '3 messages were heard and not written.'],
    [{ dropped: null }, 'Nobody knows how many messages were not written.'],
    [{ oversized: 2, gaps: 1, gapMs: 1500 }, '2 messages were too large; the connection was away 1 times, 2 s in all.'],
    [{ droppedByBroker: 4 }, 'The broker dropped 4 messages to its clients meanwhile.'],
    [{ ending: 'cut' }, 'Cut in the middle.'],
    [{ badLines: 1 }, '1 lines are no message.'],
    [{ origin: 'imported', dropped: null }, 'Imported from a file: what it does not have, nobody counted.'],
  ])('%j', (part, text) => {
    expect(about(part)).toEqual([['recordingIncomplete', text]]);
  });
});

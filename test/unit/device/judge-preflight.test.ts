import { expect, test } from 'vitest';
import { howLong } from '../../../electron/device/how-long.ts';
import { type Expectation, judgePreflight } from '../../../electron/device/judge-preflight.ts';
import type { Observation } from '../../../electron/device/preflight.ts';

const now = new Date('2031-05-06T07:08:09Z');
const observed: Observation = {
  state: {
    clock: now.toISOString(),
    userId: 0,
    directory: 'present',
    files: [],
    previous: null,
    certificatePem: null,
    connectionJson: null,
    installation: 'none',
  },
  userName: 'root',
  elevators: [],
  shell: '/bin/busybox',
  missingTools: [],
  sftp: null,
  mount: { point: '/', type: 'ext4', isReadOnly: false },
  freeKib: 10_000,
  target: { path: '/etc/voke', mode: 0o755, owner: 'root', group: 'root', isWritable: true },
  obstacles: [],
  isOwnerKnown: null,
};
const expected: Expectation = {
  now,
  validities: [{ what: 'its certificate', notBefore: new Date('2031-01-01'), notAfter: new Date('2033-01-01') }],
  bytes: 5000,
  owner: null,
  contents: {
    whose: 'nobody',
    plantId: null,
    certificateFingerprint: null,
    certificateSubject: null,
    certificateNotAfter: null,
  },
};
/** What SFTP shows of the same device. */
const overSftp: Observation = {
  ...observed,
  userName: null,
  shell: null,
  sftp: { canReplace: true, canFlush: true },
  mount: { point: '/etc', type: null, isReadOnly: false },
};
const at = (clock: string | null) => ({ ...observed, state: { ...observed.state, clock } });
const worst = (seen: Observation, wanted = expected) =>
  judgePreflight(seen, wanted)
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ id, verdict, code }) => [id, verdict, code]);

test('a device in order gets no remark', () => {
  expect(worst(observed)).toEqual([]);
});

test.each([
  ['a clock years behind', at('2020-01-01T00:00:00Z'), ['clock', 'refused', 'device/clock-wrong']],
  ['a clock years ahead', at('2040-01-01T00:00:00Z'), ['clock', 'refused', 'device/clock-wrong']],
  ['a clock an hour off', at('2031-05-06T08:08:09Z'), ['clock', 'attention', null]],
  ['no clock', at(null), ['clock', 'attention', null]],
  ['a missing tool', { ...observed, missingTools: ['cmp'] }, ['tools', 'refused', 'device/tool-missing']],
  [
    'a read-only mount',
    { ...observed, mount: { point: '/', type: 'squashfs', isReadOnly: true } },
    ['mount', 'refused', 'device/read-only'],
  ],
  [
    'an overlay',
    { ...observed, mount: { point: '/etc', type: 'overlay', isReadOnly: false } },
    ['mount', 'attention', null],
  ],
  ['an unknown mount', { ...observed, mount: null }, ['mount', 'attention', null]],
  ['little room', { ...observed, freeKib: 20 }, ['space', 'refused', 'device/disk-full']],
  [
    'a link in the way',
    { ...observed, obstacles: [{ kind: 'symbolic-link' as const, path: '/etc/voke' }] },
    ['target', 'refused', 'device/symbolic-link'],
  ],
  [
    'an installation at work',
    { ...observed, state: { ...observed.state, installation: 'running' as const } },
    ['installation', 'refused', 'device/installation-running'],
  ],
])('%s is told', (_what, seen, remark) => {
  expect(worst(seen)).toEqual([remark]);
});

test('an owner needs root, and must be known there', () => {
  const owned = { ...expected, owner: 'plc' };
  expect(worst({ ...observed, isOwnerKnown: true }, owned)).toEqual([]);
  expect(worst({ ...observed, isOwnerKnown: false }, owned)).toEqual([['user', 'refused', 'device/install-failed']]);
  const login = { ...observed, isOwnerKnown: true, state: { ...observed.state, userId: 1000 } };
  expect(worst(login, owned)).toEqual([['user', 'refused', 'device/install-failed']]);
});

test.each([
  [80_384_404, '76 GiB are free.'],
  [10_000, '9.7 MiB are free.'],
  [20, 'Only 20 KiB are free; 74 KiB are needed.'],
])('%i free KiB are told as people say it', (freeKib, sentence) => {
  const space = judgePreflight({ ...observed, freeKib }, expected).find(({ id }) => id === 'space');
  expect(space?.sentence).toBe(sentence);
});

test('a login that is not root is not offered to set the clock', () => {
  const seen = at('2020-01-01T00:00:00Z');
  const [clock] = judgePreflight({ ...seen, state: { ...seen.state, userId: 1000 } }, expected);
  expect(clock?.offers).toEqual(['overrule']);
});

test.each([
  [400, 'less than a second'],
  [61_000, '1 minute 1 second'],
  [3 * 365.25 * 24 * 3_600_000 + 12 * 24 * 3_600_000 + 5000, '3 years 12 days'],
  [24 * 3_600_000, '1 day'],
])('%i ms is %s', (milliseconds, words) => {
  expect(howLong(milliseconds)).toBe(words);
});

test('an earlier beginning is offered where the authority had begun by the clock of the device, and only there', () => {
  const authority = (notBefore: string) => ({
    ...expected,
    validities: [
      ...expected.validities,
      { what: 'the authority', notBefore: new Date(notBefore), notAfter: new Date('2040-01-01') },
    ],
  });
  const told = (notBefore: string) => judgePreflight(at('2030-06-01T00:00:00Z'), authority(notBefore))[0]?.sentence;
  expect(told('2030-01-01')).toContain('issue the certificate again with an earlier beginning');
  expect(told('2030-12-01')).not.toContain('issue the certificate again');
});

test('over SFTP what cannot be seen is said, and nothing is refused for it', () => {
  expect(worst(overSftp)).toEqual([
    ['shell', 'attention', null],
    ['mount', 'attention', null],
  ]);
  const poor = { ...overSftp, sftp: { canReplace: false, canFlush: false }, mount: null, freeKib: null };
  expect(worst(poor)).toEqual([
    ['shell', 'attention', null],
    ['tools', 'attention', null],
    ['mount', 'attention', null],
    ['space', 'attention', null],
  ]);
});

test('a clock that only a shell could set is not offered to be set over SFTP', () => {
  const wrong = (seen: Observation) => ({ ...seen, state: { ...seen.state, clock: '2020-01-01T00:00:00Z' } });
  const offersOf = (seen: Observation) =>
    judgePreflight(wrong(seen), expected).find(({ id }) => id === 'clock')?.offers;
  expect(offersOf(observed)).toEqual(['setClock', 'overrule']);
  expect(offersOf(overSftp)).toEqual(['overrule']);
});

test('a read-only file system is refused where only SFTP tells of it', () => {
  const readOnly = { ...overSftp, mount: { point: '/etc', type: null, isReadOnly: true } };
  expect(worst(readOnly)).toContainEqual(['mount', 'refused', 'device/read-only']);
});

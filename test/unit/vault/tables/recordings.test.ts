import { expect, test } from 'vitest';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { moment, recordingRow } from '../../../support/vault-rows.ts';

const missing = expect.objectContaining({ code: 'recording/not-found' });

test('a recording comes back from the file with its end and its fingerprint, newest first', async () => {
  const { file, vault, path } = await createVault();
  const older = recordingRow();
  const newer = recordingRow({ recordingId: 'newer', startedAt: '2032-01-01T00:00:00.000Z', brokerId: null });
  vault.recordings.insert(older);
  vault.recordings.insert(newer);
  const end = { endedAt: moment, ending: 'cut', messages: 3, dropped: 1, bytes: 9, sha256: 'ab' } as const;
  vault.recordings.update(older.recordingId, end);
  vault.recordings.update('newer', { note: 'Night shift' });
  file.close();
  const { recordings } = await vaultFile(path).unlock(testPassphrase);
  expect(recordings.list()).toEqual([
    { ...newer, note: 'Night shift' },
    { ...older, ...end },
  ]);
  recordings.delete('newer');
  expect(recordings.get('newer')).toBeUndefined();
  expect(() => recordings.delete('newer')).toThrow(missing);
  expect(() => recordings.update('newer', { note: '' })).toThrow(missing);
});

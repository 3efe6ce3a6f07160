import { expect, test } from 'vitest';
import { defaultMonitorSettings, type MonitorSettings } from '../../../../shared/model/monitor-settings.ts';
import { createVault, vaultFile } from '../../../support/vault.ts';
import { testPassphrase } from '../../../support/vault-constants.ts';
import { brokerRow } from '../../../support/vault-rows.ts';

const settings: MonitorSettings = {
  ...defaultMonitorSettings,
  identity: { kind: 'credential', credentialId: 'c' },
  filters: ['a/+/b', '#'],
};

test('what a broker is listened to with comes back from the file, and goes with the broker', async () => {
  const { file, vault, path } = await createVault();
  vault.brokers.insert(brokerRow('1'));
  expect(vault.monitorSettings.get('1')).toBeUndefined();
  vault.monitorSettings.put('1', defaultMonitorSettings);
  vault.monitorSettings.put('1', settings);
  file.close();
  const again = await vaultFile(path).unlock(testPassphrase);
  expect(again.monitorSettings.get('1')).toEqual(settings);
  again.brokers.delete('1');
  expect(again.monitorSettings.get('1')).toBeUndefined();
  expect(() => again.monitorSettings.put('1', settings)).toThrow(expect.objectContaining({ code: 'broker/not-found' }));
});

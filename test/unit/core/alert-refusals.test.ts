import { expect, it } from 'vitest';
import { AlertFindings } from '../../../electron/core/alert-findings.ts';
import { AlertRefusals } from '../../../electron/core/alert-refusals.ts';
import { OwnLogins } from '../../../electron/core/own-logins.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { alertRuleRow, brokerRow } from '../../support/vault-rows.ts';

const nameless = '1700000000: Client <unknown> disconnected, not authorised.';
const unsure = '1700000000: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed';
const named = (clientId: string) => `1700000000: Client ${clientId} disconnected: not authorised.`;

it('what the console itself was refused for raises nothing, whatever clock the broker has', async () => {
  const { vault } = await createVault();
  const context = contextOver(vault);
  const broker = brokerRow('Site');
  vault.brokers.insert(broker);
  let now = 100_000;
  const log: string[] = ['as it was'];
  const ownLogins = new OwnLogins({ now: () => new Date(now) });
  const refusals = new AlertRefusals({
    target: () => ({ eventLog: async () => [...log] }),
    practice: () => ({}),
    ownLogins,
  });
  const rules = [alertRuleRow({ brokerId: null, condition: { kind: 'refused' } })];
  const look = async (...lines: string[]) => {
    log.push(...lines);
    now += 5000;
    const findings = new AlertFindings(() => true);
    await refusals.judge(context, rules, findings, now, () => true);
    return findings.take(10).map(({ subject }) => subject);
  };
  expect(await look()).toEqual([]);
  expect(await look(nameless)).toEqual(['login']);

  const end = ownLogins.begin(broker.brokerId, 'plc-a1b2c3d4');
  now += 2000;
  end();
  const own = [nameless, unsure, named('voke-probe-0123456789ab'), named('plc-a1b2c3d4')];
  expect(await look(...own, named('stranger'))).toEqual(['client stranger']);
  expect(await look(...own)).toEqual(['login', 'certificate', 'client plc-a1b2c3d4']);
});

it('says so when refused logins may have been missed, also while the console itself knocks', async () => {
  const { vault } = await createVault();
  const context = contextOver(vault);
  const broker = brokerRow('Site');
  vault.brokers.insert(broker);
  let now = 100_000;
  let log = ['as it was'];
  const ownLogins = new OwnLogins({ now: () => new Date(now) });
  const target = () => ({ eventLog: async () => log });
  const refusals = new AlertRefusals({ target, practice: () => ({}), ownLogins });
  const rules = [alertRuleRow({ brokerId: null, condition: { kind: 'refused' } })];
  const look = async (lines: string[]) => {
    log = lines;
    now += 5000;
    const findings = new AlertFindings(() => true);
    await refusals.judge(context, rules, findings, now, () => true);
    return findings.take(10).map(({ subject }) => subject);
  };
  expect(await look(['a', 'b'])).toEqual([]);
  expect(await look(['b', named('stranger')])).toEqual(['client stranger']);
  ownLogins.begin(broker.brokerId, 'plc-a1b2c3d4');
  expect(await look([named('one'), named('plc-a1b2c3d4')])).toEqual(['log', 'client one']);
  expect(await look([named('one'), named('plc-a1b2c3d4')])).toEqual([]);
});

it('a host that refused the login is asked again only once the way to it is another one', async () => {
  const { vault } = await createVault();
  const context = contextOver(vault);
  vault.brokers.insert(brokerRow('Site'));
  let now = 100_000;
  let logins = 0;
  const refusing = () => ({
    eventLog: () => {
      logins += 1;
      return Promise.reject(new ConsoleError('remote/authentication-failed'));
    },
  });
  let target = refusing();
  const ownLogins = new OwnLogins({ now: () => new Date(now) });
  const refusals = new AlertRefusals({ target: () => target, practice: () => ({}), ownLogins });
  const rules = [alertRuleRow({ brokerId: null, condition: { kind: 'refused' } })];
  const look = async () => {
    now += 10 * 60_000;
    await refusals.judge(context, rules, new AlertFindings(() => true), now, () => true);
  };
  for (let i = 0; i < 5; i++) await look();
  expect(logins).toBe(1);
  expect(refusals.deafRules(context, rules)).toMatchObject([{ why: 'log-unreadable' }]);
  target = refusing();
  await look();
  expect(logins).toBe(2);
});

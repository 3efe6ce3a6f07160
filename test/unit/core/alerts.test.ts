import { expect, onTestFinished, test } from 'vitest';
import { Alerts } from '../../../electron/core/alerts.ts';
import type { IncomingMessage } from '../../../electron/monitor/topic-store.ts';
import { addAlertRule } from '../../../electron/operations/alerts.ts';
import type { OperationContext } from '../../../electron/operations/context.ts';
import { KeyedTurns } from '../../../electron/platform/keyed-turns.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import type { AlertCondition } from '../../../shared/model/alert.ts';
import type { HostNotice } from '../../../shared/model/host-notice.ts';
import { defaultMonitorSettings } from '../../../shared/model/monitor-settings.ts';
import { createVault } from '../../support/vault.ts';
import { plantId, plantRow } from '../../support/vault-rows.ts';

const plant = plantId('a');
const broker = { brokerId: '11111111-1111-4111-8111-111111111111', name: 'Site' };

/** Alerts over one broker that a test speaks for, at a time that it says. */
async function scene(condition: AlertCondition) {
  const { vault } = await createVault();
  vault.plants.insert({ ...plantRow('a'), status: 'ACTIVE' });
  const notices: HostNotice[] = [];
  const ears = new Set<(message: IncomingMessage) => void>();
  const monitor = { state: 'connected' as 'connected' | 'connecting', log: [] as string[], isOpen: true };
  let now = Date.UTC(2031, 0, 1);
  const clock = { now: () => new Date(now) };
  const context: OperationContext = {
    vault,
    clock,
    actor: 'tester',
    changed: () => {},
    exclusively: (work) => work(),
    handshakes: new KeyedTurns(1),
  };
  const alerts = new Alerts({
    clock,
    logger: silentLogger,
    context: () => (monitor.isOpen ? context : undefined),
    brokers: { known: () => ({ log: async () => [...monitor.log] }) },
    checkSignature: () => 'absent',
    isOwn: () => false,
    notify: (notice) => notices.push(notice),
  });
  onTestFinished(() => alerts.close());
  const listen = () =>
    alerts.listen(
      broker,
      {
        connection: () => ({ state: monitor.state, reason: null }),
        onMessage: (ear) => {
          ears.add(ear);
          return () => ears.delete(ear);
        },
      },
      defaultMonitorSettings,
    );
  addAlertRule(context, { name: 'Rule', brokerId: null, isEnabled: true, condition });
  listen();
  await alerts.look();
  return {
    alerts,
    monitor,
    notices,
    listen,
    after: async (seconds: number) => {
      now += seconds * 1000;
      await alerts.look();
    },
    hear: (topic: string, content: unknown) => {
      const payload = Buffer.from(JSON.stringify(content));
      for (const ear of ears) ear({ topic, payload, qos: 0, retained: false, receivedAt: now });
    },
    shown: () => alerts.overview(context).alerts.map(({ endedAt, count }) => `${endedAt ? 'ended' : 'open'} ${count}`),
  };
}

const silence: AlertCondition = { kind: 'silent', scope: { kind: 'all' }, seconds: 60 };

test('silence is raised after its time, once, and ended by a word of the plant', async () => {
  const { after, hear, shown, notices } = await scene(silence);
  await after(60);
  expect(shown()).toEqual([]);
  await after(1);
  await after(100);
  expect(shown()).toEqual(['open 1']);
  expect(notices).toEqual([{ title: 'Alert: Rule', body: 'Plant a is silent for more than 60 s.' }]);
  hear(`cpi/${plant}/telemetry`, {});
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('while the connection is away silence is not judged, and begins anew afterwards', async () => {
  const { after, monitor, shown } = await scene(silence);
  monitor.state = 'connecting';
  await after(600);
  monitor.state = 'connected';
  await after(1);
  await after(60);
  expect(shown()).toEqual([]);
  await after(1);
  expect(shown()).toEqual(['open 1']);
});

test('what is told again is counted, also shortly after its end; later it is another alert', async () => {
  const { after, hear, shown, notices } = await scene({ kind: 'alarm' });
  const say = (ev: string) => hear(`cpi/${plant}/alarm`, { ev, alarmId: 'x' });
  say('RAISE');
  say('RAISE');
  await after(1);
  expect(shown()).toEqual(['open 2']);
  say('RESOLVE');
  await after(1);
  say('RAISE');
  await after(60);
  expect(shown()).toEqual(['open 3']);
  expect(notices).toHaveLength(1);
  say('RESOLVE');
  await after(601);
  await after(601);
  say('RAISE');
  await after(1);
  expect(shown()).toEqual(['open 1', 'ended 3']);
});

test('the host tells of a storm a few times, not of each alert', async () => {
  const { after, hear, notices } = await scene({ kind: 'alarm' });
  for (let i = 0; i < 50; i++) {
    hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: `${i}`, code: `${i}` });
    await after(0.5);
  }
  expect(notices.length).toBeLessThanOrEqual(3);
  expect(notices[1]?.body).toMatch(/And \d+ more/);
});

test('refused logins are counted as one, and over when none came for five minutes', async () => {
  const { after, monitor, shown } = await scene({ kind: 'refused' });
  await after(5);
  monitor.log.push('1: Client d disconnected, not authorised.', '1: Client d disconnected, not authorised.');
  await after(5);
  monitor.log.push('2: Client d disconnected, not authorised.');
  await after(5);
  expect(shown()).toEqual(['open 3']);
  await after(301);
  expect(shown()).toEqual(['ended 3']);
});

test('a locked vault lets alerts rest as they stand; a value that stood ends when it is heard again', async () => {
  const { after, alerts, hear, listen, monitor, shown } = await scene({
    kind: 'value',
    filter: 'tank',
    pointer: '',
    direction: 'above',
    limit: 5,
    hysteresis: 0,
  });
  hear('tank', 9);
  await after(1);
  monitor.isOpen = false;
  alerts.rest();
  hear('tank', 1);
  await after(1);
  monitor.isOpen = true;
  expect(shown()).toEqual(['open 1']);
  listen();
  hear('tank', 1);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

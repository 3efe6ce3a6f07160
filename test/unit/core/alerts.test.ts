import { expect, onTestFinished, test, vi } from 'vitest';
import { Alerts } from '../../../electron/core/alerts.ts';
import { OwnLogins } from '../../../electron/core/own-logins.ts';
import type { IncomingMessage } from '../../../electron/monitor/topic-store.ts';
import {
  acknowledgeAlerts,
  addAlertRule,
  changeAlertRule,
  deleteAlertRule,
} from '../../../electron/operations/alert-rules.ts';
import type { OperationContext } from '../../../electron/operations/context.ts';
import { KeyedTurns } from '../../../electron/platform/keyed-turns.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import type { BrokerRow } from '../../../electron/vault/rows/brokers.ts';
import type { AlertCondition } from '../../../shared/model/alert.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { HostNotice } from '../../../shared/model/host-notice.ts';
import type { MonitorConnection } from '../../../shared/model/monitor.ts';
import { defaultMonitorSettings, type MonitorSettings } from '../../../shared/model/monitor-settings.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';
import { createVault } from '../../support/vault.ts';
import { brokerRow, moment, plantId, plantRow } from '../../support/vault-rows.ts';

const plant = plantId('a');
const broker = brokerRow('11111111-1111-4111-8111-111111111111', {
  name: 'Site',
  target: { kind: 'process' },
  lastPushedAt: moment,
});

type FakeMonitor = ReturnType<typeof fakeMonitor>;

/** A monitor that a test speaks for. */
function fakeMonitor() {
  const ears = new Set<(message: IncomingMessage) => void>();
  return {
    state: 'connected' as MonitorConnection['state'],
    ears,
    connection(): MonitorConnection {
      return { state: this.state, reason: this.state === 'connected' ? null : 'Nothing listens on this port.' };
    },
    onMessage: (ear: (message: IncomingMessage) => void) => {
      ears.add(ear);
      return () => ears.delete(ear);
    },
  };
}

type Scene = {
  readonly brokers?: readonly BrokerRow[];
  readonly settings?: Partial<MonitorSettings>;
  readonly listenFails?: boolean;
  readonly log?: (broker: BrokerRow) => Promise<readonly string[]>;
};

/** Alerts over brokers that a test speaks for, at a time that it says. */
async function scene(conditions: AlertCondition | readonly AlertCondition[], options: Scene = {}) {
  const { vault } = await createVault();
  vault.plants.insert({ ...plantRow('a'), status: 'ACTIVE' });
  for (const row of options.brokers ?? [broker]) vault.brokers.insert(row);
  const notices: HostNotice[] = [];
  const at = {
    isOpen: true,
    isPracticeRunning: false,
    isForged: false,
    log: [] as string[],
    listenFails: options.listenFails ?? false,
  };
  const monitors = new Map<string, FakeMonitor>();
  const begun: string[] = [];
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
  const hears = (settings: MonitorSettings) =>
    settings.identity.kind === 'console' && settings.filters.includes('cpi/#');
  const listening = {
    connect: async (_context: OperationContext, row: BrokerRow, wish: Partial<MonitorSettings> = {}) => {
      const settings = { ...defaultMonitorSettings, ...options.settings, ...wish };
      const monitor = fakeMonitor();
      monitors.set(`shown ${row.brokerId}`, monitor);
      begun.push(`shown ${row.name}`);
      alerts.listen(row, monitor, settings);
      return monitor;
    },
    listen: async (operation: OperationContext, row: BrokerRow) => {
      if (at.listenFails) throw new ConsoleError('authority/absent');
      if (hears({ ...defaultMonitorSettings, ...options.settings })) return await listening.connect(operation, row);
      const monitor = fakeMonitor();
      monitors.set(`plants ${row.brokerId}`, monitor);
      begun.push(`plants ${row.name}`);
      return monitor;
    },
  };
  const alerts = new Alerts({
    clock,
    logger: silentLogger,
    context: () => (at.isOpen ? context : undefined),
    brokers: {
      target: (row) => ({ eventLog: () => options.log?.(row) ?? Promise.resolve([...at.log]) }),
      practice: () => (at.isPracticeRunning ? {} : undefined),
      ownLogins: new OwnLogins(clock),
    },
    monitors: listening,
    isForged: () => at.isForged,
    isPlant: (id) => vault.plants.get(plantIdSchema.parse(id)) !== undefined,
    isOwn: () => false,
    notify: (notice) => notices.push(notice),
  });
  onTestFinished(() => alerts.close());
  if (options.settings) {
    for (const row of options.brokers ?? [broker])
      vault.monitorSettings.put(row.brokerId, { ...defaultMonitorSettings, ...options.settings });
  }
  for (const condition of [conditions].flat()) {
    addAlertRule(context, { name: 'Rule', brokerId: null, isEnabled: true, condition });
  }
  await alerts.look();
  const of = (kind: 'shown' | 'plants', row = broker) => {
    const monitor = monitors.get(`${kind} ${row.brokerId}`);
    if (!monitor) throw new Error(`nobody listens: ${kind}`);
    return monitor;
  };
  return {
    alerts,
    at,
    begun,
    context,
    notices,
    of,
    listening,
    after: async (seconds: number) => {
      now += seconds * 1000;
      await alerts.look();
    },
    hear: (topic: string, content: unknown, retained = false) => {
      const payload = Buffer.from(JSON.stringify(content));
      for (const { ears } of monitors.values())
        for (const ear of ears) ear({ topic, payload, qos: 0, retained, receivedAt: now });
    },
    shown: () => alerts.overview(context).alerts.map(({ endedAt, count }) => `${endedAt ? 'ended' : 'open'} ${count}`),
    deaf: () =>
      alerts
        .overview(context)
        .deaf.map(({ brokerName, why, detail }) => [brokerName, why, detail])
        .sort((a, b) => `${a[1]}`.localeCompare(`${b[1]}`)),
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
  expect(notices).toEqual([{ title: 'Alert: Rule', body: 'Plant a is silent.' }]);
  hear(`cpi/${plant}/telemetry`, {});
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('while the connection is away silence is not judged, and begins anew afterwards', async () => {
  const { after, alerts, context, of } = await scene(silence);
  const silent = () => alerts.overview(context).alerts.filter(({ kind }) => kind === 'silent');
  of('shown').state = 'connecting';
  await after(600);
  of('shown').state = 'connected';
  await after(1);
  await after(60);
  expect(silent()).toEqual([]);
  await after(1);
  expect(silent()).toHaveLength(1);
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
  const { after, at, shown } = await scene({ kind: 'refused' });
  await after(5);
  at.log.push('1: Client d disconnected, not authorised.', '1: Client d disconnected, not authorised.');
  await after(5);
  at.log.push('2: Client d disconnected, not authorised.');
  await after(5);
  expect(shown()).toEqual(['open 3']);
  await after(301);
  expect(shown()).toEqual(['ended 3']);
});

test('a locked vault lets alerts rest as they stand; a value that stood ends when it is heard again', async () => {
  const { after, alerts, at, hear, shown } = await scene({
    kind: 'value',
    filter: 'cpi/tank',
    pointer: '',
    direction: 'above',
    limit: 5,
    hysteresis: 0,
  });
  hear('cpi/tank', 9);
  await after(1);
  at.isOpen = false;
  alerts.rest();
  hear('cpi/tank', 1);
  await after(1);
  at.isOpen = true;
  expect(shown()).toEqual(['open 1']);
  await after(60);
  hear('cpi/tank', 1);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

const value = (filter: string): AlertCondition => ({
  kind: 'value',
  filter,
  pointer: '',
  direction: 'above',
  limit: 5,
  hysteresis: 0,
});
const narrow = { settings: { filters: ['site/#'] } };

test('brokers are listened to for rules in force, a few at a time, and the practice broker while it runs', async () => {
  const brokers = [1, 2, 3, 4, 5].map((i) =>
    brokerRow(`${i}1111111-1111-4111-8111-111111111111`, { name: `Broker ${i}`, target: { kind: 'process' } }),
  );
  const practice = brokerRow('61111111-1111-4111-8111-111111111111', { name: 'Practice' });
  const { after, at, begun, deaf } = await scene(silence, { brokers: [...brokers, practice] });
  expect(begun).toHaveLength(3);
  await after(1);
  await after(60);
  expect(begun).toHaveLength(5);
  expect(deaf()).toEqual([]);
  at.isPracticeRunning = true;
  await after(1);
  expect(begun).toHaveLength(6);
});

test('without a rule in force nobody listens, and after the unlock it begins by itself', async () => {
  const idle = await scene([]);
  await idle.after(60);
  expect(idle.begun).toEqual([]);
  const { after, alerts, begun } = await scene(silence);
  alerts.rest();
  await after(1);
  expect(begun).toEqual(['shown Site', 'shown Site']);
});

test('plants are heard also when the operator turned to other topics, and each message once', async () => {
  const { after, begun, deaf, hear, shown } = await scene([silence, value('cpi/+/telemetry'), value('site/1')], narrow);
  expect(begun).toEqual(['plants Site', 'shown Site']);
  expect(deaf()).toEqual([]);
  hear(`cpi/${plant}/telemetry`, 9);
  hear('site/1', 9);
  await after(1);
  expect(shown()).toEqual(['open 1', 'open 1']);
  await after(61);
  expect(shown()).toHaveLength(3);
});

test('where the operator listens already, a new rule hears from the first message on', async () => {
  const { after, alerts, context, hear, listening, shown } = await scene([]);
  await listening.connect(context, broker);
  addAlertRule(context, { name: 'R', brokerId: null, isEnabled: true, condition: value('cpi/x') });
  alerts.renew();
  hear('cpi/x', 9);
  await after(1);
  expect(shown()).toEqual(['open 1']);
});

test('a rule that cannot hear what it is about says why', async () => {
  const { after, alerts, context, deaf, listening, of } = await scene([value('tank/#'), value('cpi/x')], narrow);
  expect(deaf()).toEqual([['Site', 'outside', 'tank/#']]);
  await listening.connect(context, broker, {
    filters: ['tank/#'],
    identity: { kind: 'credential', credentialId: 'c' },
  });
  expect(deaf()).toEqual([['Site', 'as-plant', null]]);
  await listening.connect(context, broker, { filters: ['tank/#'] });
  expect(deaf()).toEqual([]);
  of('shown').state = 'stopped';
  of('plants').state = 'disconnected';
  await after(1);
  expect(deaf()).toEqual([
    ['Site', 'disconnected', 'Nothing listens on this port.'],
    ['Site', 'stopped', null],
  ]);
  expect(alerts.overview(context).listening).toMatchObject([
    { brokerName: 'Site', connection: { state: 'disconnected' } },
  ]);
});

test('what the operator stopped stays stopped, and is no broker that is away', async () => {
  const { after, begun, deaf, of, shown } = await scene(silence);
  of('shown').state = 'stopped';
  await after(1);
  await after(600);
  expect(begun).toEqual(['shown Site']);
  expect(deaf()).toEqual([['Site', 'stopped', null]]);
  expect(shown()).toEqual([]);
});

test('what the operator stopped before there was a rule stays stopped too', async () => {
  const { after, at, begun, deaf, context, listening, of } = await scene(silence, {
    brokers: [{ ...broker, target: { kind: 'practice' } }],
  });
  await listening.connect(context, broker);
  of('shown').state = 'stopped';
  await after(1);
  at.isPracticeRunning = true;
  await after(1);
  expect(begun).toEqual(['shown Site']);
  expect(deaf()).toEqual([['Site', 'stopped', null]]);
});

test('a broker that cannot be listened to is tried again after a minute, and its rules say why', async () => {
  const { after, at, begun, deaf } = await scene(silence, { listenFails: true });
  for (let i = 0; i < 30; i++) await after(1);
  expect(deaf()).toEqual([['Site', 'unusable', expect.stringContaining('authority')]]);
  at.listenFails = false;
  await after(29);
  expect(begun).toEqual([]);
  await after(2);
  expect(begun).toEqual(['shown Site']);
  expect(deaf()).toEqual([]);
});

test('a rule for a broker that is gone says so', async () => {
  const { alerts, context, deaf } = await scene(silence, { brokers: [] });
  expect(deaf()).toEqual([['', 'no-broker', null]]);
  addAlertRule(context, { name: 'R', brokerId: broker.brokerId, isEnabled: true, condition: { kind: 'refused' } });
  alerts.renew();
  expect(deaf()).toHaveLength(2);
});

test('a broker that is away is one alert, whatever the number of its plants, and ends with its return', async () => {
  const { after, alerts, context, hear, notices, of } = await scene(silence);
  for (let i = 0; i < 50; i++) context.vault.plants.insert({ ...plantRow(`${i + 10}`), status: 'ACTIVE' });
  await after(10);
  hear(`cpi/${plant}/telemetry`, {});
  of('shown').state = 'disconnected';
  await after(1);
  await after(29);
  expect(alerts.overview(context).alerts).toEqual([]);
  await after(1);
  await after(600);
  expect(alerts.overview(context).alerts).toMatchObject([
    { kind: 'unreachable', brokerName: 'Site', value: 'Nothing listens on this port.', endedAt: null, count: 1 },
  ]);
  expect(notices).toEqual([
    { title: 'Alert: Broker not reachable', body: 'Site cannot be reached, and rules rest there.' },
  ]);
  of('shown').state = 'connected';
  await after(1);
  expect(alerts.overview(context)).toMatchObject({ open: 0, total: 1 });
});

test('a broker that nobody has brought into service is not missed', async () => {
  const { after, of, shown } = await scene(silence, { brokers: [{ ...broker, lastPushedAt: null }] });
  of('shown').state = 'disconnected';
  await after(1);
  // It was connected once.
  await after(60);
  expect(shown()).toEqual(['open 1']);
  const fresh = await scene([], { brokers: [{ ...broker, lastPushedAt: null }], listenFails: true });
  addAlertRule(fresh.context, { name: 'R', brokerId: null, isEnabled: true, condition: silence });
  fresh.alerts.renew();
  await fresh.after(1);
  await fresh.after(60);
  expect(fresh.shown()).toEqual([]);
});

test('a thousand and more plants that fall silent at once are counted once, also when they find no room', async () => {
  const { after, alerts, context, notices } = await scene(silence);
  context.vault.transaction(() => {
    for (let i = 0; i < 1100; i++) {
      const start = i.toString(16).padStart(8, '0');
      context.vault.plants.insert({ ...plantRow('b', { plantId: plantId(start), username: start }), status: 'ACTIVE' });
    }
  });
  await after(61);
  for (let i = 0; i < 5; i++) await after(1);
  expect(alerts.overview(context)).toMatchObject({ open: 1000, total: 1000, notKept: 101 });
  expect(notices).toEqual([{ title: 'Alert: Rule', body: expect.stringContaining('And 999 more') }]);
});

test('what was found by a rule that is gone, or is another one now, raises nothing', async () => {
  const { after, alerts, context, hear, shown } = await scene([{ kind: 'alarm' }]);
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  deleteAlertRule(context, context.vault.alertRules.list()[0]?.ruleId ?? '');
  alerts.renew();
  await after(1);
  expect(shown()).toEqual([]);
});

test('what a rule had raised ends with it, and when it becomes another one', async () => {
  const { after, alerts, context, hear, shown } = await scene(value('cpi/x'));
  hear('cpi/x', 9);
  await after(1);
  const [rule] = context.vault.alertRules.list();
  if (!rule) throw new Error('there is no rule');
  changeAlertRule(context, { ...rule, condition: value('cpi/y') });
  alerts.renew();
  await after(1);
  expect(shown()).toEqual(['ended 1']);
  hear('cpi/y', 9);
  await after(1);
  deleteAlertRule(context, rule.ruleId);
  alerts.renew();
  await after(1);
  expect(shown()).toEqual(['ended 1', 'ended 1']);
});

test('an alert whose rule is gone ends', async () => {
  const { after, alerts, context, hear, shown } = await scene({ kind: 'alarm' });
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  await after(1);
  context.vault.alertRules.delete(context.vault.alertRules.list()[0]?.ruleId ?? '');
  alerts.rest();
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('what stands at a broker ends with its deletion', async () => {
  const { after, context, hear, shown } = await scene({ kind: 'alarm' });
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  await after(1);
  expect(shown()).toEqual(['open 1']);
  context.vault.brokers.delete(broker.brokerId);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('what could not be written down is written at the next look', async () => {
  const { after, context, hear, shown } = await scene({ kind: 'alarm' });
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  vi.spyOn(context.vault, 'transaction').mockImplementationOnce(() => {
    throw new Error('database or disk is full');
  });
  await after(1);
  expect(shown()).toEqual([]);
  await after(1);
  expect(shown()).toEqual(['open 1']);
});

test('a value that a rule found before another rule was added still ends', async () => {
  const { after, alerts, context, hear, shown } = await scene(value('cpi/x'));
  hear('cpi/x', 9);
  addAlertRule(context, { name: 'R', brokerId: null, isEnabled: true, condition: silence });
  alerts.renew();
  await after(1);
  hear('cpi/x', 1);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('an alarm that the broker kept is told of once, however often it is heard, and not again once it was resolved', async () => {
  const { after, alerts, context, hear, shown } = await scene({ kind: 'alarm' });
  const say = (ev: string, ts: number, retained: boolean) =>
    hear(`cpi/${plant}/alarm`, { ev, alarmId: 'x', ts }, retained);
  say('RAISE', 1000, true);
  await after(1);
  say('RAISE', 1000, true);
  await after(1);
  expect(shown()).toEqual(['open 1']);
  expect(alerts.overview(context).alerts[0]).toMatchObject({
    saidAt: '1970-01-01T00:00:01.000Z',
    plantName: 'Plant a',
  });
  say('RESOLVE', 2000, false);
  await after(1);
  say('RAISE', 1000, true);
  await after(1);
  alerts.rest();
  await after(1);
  say('RAISE', 1000, true);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
  say('RAISE', 3000, true);
  await after(1);
  expect(shown()).toEqual(['open 2']);
});

test('an alarm from before the console was opened ends by the RESOLVE that the broker kept, and not by an older one', async () => {
  const { after, alerts, hear, shown } = await scene({ kind: 'alarm' });
  const say = (ev: string, ts: number, retained: boolean) =>
    hear(`cpi/${plant}/alarm`, { ev, alarmId: 'x', ts }, retained);
  say('RAISE', 5000, false);
  await after(1);
  alerts.rest();
  await after(1);
  say('RESOLVE', 4000, true);
  await after(1);
  expect(shown()).toEqual(['open 1']);
  say('RESOLVE', 6000, true);
  await after(1);
  expect(shown()).toEqual(['ended 1']);
});

test('an alarm that is not believed is counted, and says whose it claimed to be', async () => {
  const { alerts, at, context, hear, shown } = await scene({ kind: 'alarm' });
  at.isForged = true;
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'x' });
  expect(alerts.overview(context)).toMatchObject({ unbelieved: 1, unbelievedPlants: [plant] });
  alerts.renew();
  expect(alerts.overview(context)).toMatchObject({ unbelieved: 1, unbelievedPlants: [plant] });
  expect(shown()).toEqual([]);
});

test('notices hold nothing that came in a message', async () => {
  const { after, hear, notices } = await scene([{ kind: 'alarm' }, value('cpi/secret')]);
  hear(`cpi/${plant}/alarm`, { ev: 'RAISE', alarmId: 'token', code: '<b>x</b>', msg: 'password=hunter2' });
  await after(1);
  hear('cpi/secret', 4711);
  await after(11);
  expect(notices.map(({ body }) => body)).toEqual([
    'Plant a raised an alarm at Site.',
    'A value is beyond its limit at Site.',
  ]);
});

test('a log that cannot be read, or says nothing, is told of at its rule, and asked again less often', async () => {
  let asked = 0;
  const { after, deaf } = await scene(
    { kind: 'refused' },
    {
      log: async () => {
        asked += 1;
        throw new ConsoleError('remote/unreachable');
      },
    },
  );
  expect(deaf()).toEqual([['Site', 'log-unreadable', expect.any(String)]]);
  for (let i = 0; i < 60; i++) await after(5);
  expect(asked).toBeLessThan(10);
  const silentLog = await scene({ kind: 'refused' });
  expect(silentLog.deaf()).toEqual([['Site', 'log-empty', null]]);
});

test('a log behind a slow line holds nothing else up', async () => {
  const { after, shown } = await scene([silence, { kind: 'refused' }], { log: () => new Promise(() => {}) });
  await after(61);
  expect(shown()).toEqual(['open 1']);
});

test('what was told of until a moment is acknowledged at once, and what comes again later is not', async () => {
  const { after, alerts, context, hear } = await scene({ kind: 'alarm' });
  const say = (ev: string, alarmId: string) => hear(`cpi/${plant}/alarm`, { ev, alarmId });
  say('RAISE', 'x');
  say('RAISE', 'y');
  await after(1);
  say('RESOLVE', 'x');
  await after(1);
  const until = context.clock.now().toISOString();
  await after(1);
  say('RAISE', 'z');
  await after(1);
  expect(await acknowledgeAlerts(context, until)).toBe(2);
  expect(alerts.overview(context)).toMatchObject({ open: 2, unacknowledged: 1 });
  expect(context.vault.audit.list({ limit: 1, offset: 0 }).items[0]).toMatchObject({ action: 'alert.acknowledge-all' });
});

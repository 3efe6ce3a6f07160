import { describe, expect, it } from 'vitest';
import {
  type JudgedMessage,
  PlantWatch,
  type PlantWatchOptions,
  replayWindowMs,
} from '../../../electron/monitor/plant-watch.ts';

const plantId = '0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e01';
const other = '0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e02';
const start = 1_800_000_000_000;

/** `sig` tells the verdict by its first letter, as a signature would. */
const judge = (_kind: string, _plantId: string, payload: Uint8Array): JudgedMessage => {
  const message = JSON.parse(Buffer.from(payload).toString()) as { sig?: string };
  if (message.sig === undefined) return { signature: 'absent', message };
  return { signature: message.sig.startsWith('v') ? 'valid' : 'invalid', message };
};

type Wish = Partial<Pick<PlantWatchOptions, 'keepsApart' | 'checksPerSecond' | 'onSession' | 'isProbe'>>;

/** `register` may be changed later on. */
const watchOf = (options: Wish = {}, register = new Set([plantId])) =>
  new PlantWatch({ keepsApart: true, judge, isPlant: (id) => register.has(id), ...options });

type Said = { readonly at?: number; readonly retained?: boolean };
const say = (watch: PlantWatch, topic: string, content: unknown = {}, { at = start, retained = false }: Said = {}) =>
  watch.take({
    topic,
    payload: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    qos: 1,
    retained,
    receivedAt: at,
  });
const sayOn = (watch: PlantWatch, name: string, content?: unknown, said?: Said) =>
  say(watch, `cpi/${plantId}/${name}`, content, said);
const factsOf = (watch: PlantWatch, now = start) => {
  const facts = watch.facts(plantId, now);
  if (!facts) throw new Error('no such plant');
  return facts;
};

describe('signs of life', () => {
  it('are what a plant itself writes now, not what is kept, nor what is said to it', () => {
    const watch = watchOf();
    sayOn(watch, 'command');
    sayOn(watch, 'telemetry', {}, { retained: true });
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: null, rate: 0, lastTopics: [], outside: { count: 0 } });
    sayOn(watch, 'telemetry');
    sayOn(watch, 'info', 'x', { at: start + 1000 });
    expect(factsOf(watch, start + 1000)).toMatchObject({
      lastSeenAt: start + 1000,
      lastTopics: ['info', 'telemetry'],
      usualPauseMs: 1000,
    });
    expect(factsOf(watch, start + 1000).rate).toBeGreaterThan(0);
  });

  it('have a usual pause that bursts do not shorten, and an outage does not stretch for long', () => {
    const watch = watchOf();
    for (let minute = 0; minute < 5; minute++)
      for (let i = 0; i < 5; i++) sayOn(watch, 'telemetry', {}, { at: start + minute * 60_000 + i });
    expect(factsOf(watch).usualPauseMs).toBeGreaterThan(45_000);
    for (let i = 1; i <= 100; i++) sayOn(watch, 'telemetry', {}, { at: start + 86_400_000 + i * 1000 });
    expect(factsOf(watch).usualPauseMs).toBeLessThan(10_000);
  });

  it('end with a will, and begin again with the next message', () => {
    const watch = watchOf();
    sayOn(watch, 'telemetry');
    sayOn(watch, 'status', { status: 'offline' }, { at: start + 5 });
    expect(factsOf(watch)).toMatchObject({ saysOffline: true, lastSeenAt: start });
    sayOn(watch, 'telemetry', {}, { at: start + 9 });
    expect(factsOf(watch)).toMatchObject({ saysOffline: false, lastSeenAt: start + 9 });
  });

  it.each(['offline', '"offline"', '{"online":false}', '{"state":"Offline"}'])(
    '%s says that a plant is gone',
    (text) => {
      const watch = watchOf();
      sayOn(watch, 'status', text, { retained: true });
      expect(factsOf(watch).saysOffline).toBe(true);
    },
  );

  it.each(['', 'online', '{"online":true}', '{', 'null', '[]', `"${'x'.repeat(5000)}"`])('%j does not', (text) => {
    const watch = watchOf();
    sayOn(watch, 'status', text);
    expect(factsOf(watch).saysOffline).toBe(false);
  });
});

describe('signatures', () => {
  const signed = (n: string, ts = start, sig = `v${n}`) => ({ sig, n, ts });

  it('are counted, and checked within a budget for each plant', () => {
    const watch = watchOf();
    for (let i = 0; i < 4; i++) sayOn(watch, 'telemetry', signed(`aaaaaaa${i}`));
    sayOn(watch, 'ack', { sig: 'wrong' });
    sayOn(watch, 'alarm', {});
    sayOn(watch, 'telemetry', { sig: 'wrong' });
    expect(factsOf(watch)).toMatchObject({
      signatures: { valid: 4, absent: 1, unchecked: 1 },
      invalid: { count: 1, lastAt: start },
    });
    sayOn(watch, 'telemetry', { sig: 'wrong' }, { at: start + 1000 });
    expect(factsOf(watch).invalid).toEqual({ count: 2, lastAt: start + 1000 });
  });

  it('of all plants have one budget, and a message over the size limit is not opened', () => {
    const watch = watchOf({ checksPerSecond: 1 }, new Set([plantId, other]));
    sayOn(watch, 'telemetry', signed('aaaaaaaa'));
    say(watch, `cpi/${other}/telemetry`, signed('bbbbbbbb'));
    sayOn(watch, 'telemetry', 'x'.repeat(9000), { at: start + 1000 });
    expect(watch.facts(other, start)?.signatures).toEqual({ valid: 0, absent: 0, unchecked: 1 });
    expect(factsOf(watch).signatures).toEqual({ valid: 1, absent: 0, unchecked: 1 });
  });

  it('of telemetry take no turn from wills and alarms; a will that nobody read is no sign of life', () => {
    const watch = watchOf({ checksPerSecond: 1 });
    for (let i = 0; i < 10; i++) sayOn(watch, 'telemetry', signed(`aaaaaa${10 + i}`));
    sayOn(watch, 'alarm', { ...signed('bbbbbbbb'), ev: 'RAISE', alarmId: 'A1', code: 'E1', sev: 'HIGH' });
    expect(factsOf(watch).openAlarms).toHaveLength(1);
    sayOn(watch, 'status', 'offline', { at: start + 1 });
    expect(factsOf(watch).saysOffline).toBe(true);

    const flooded = watchOf();
    for (let i = 0; i < 5; i++) sayOn(flooded, 'status', 'online');
    sayOn(flooded, 'status', 'offline', { at: start + 500 });
    expect(factsOf(flooded)).toMatchObject({ lastSeenAt: start, signatures: { unchecked: 1 } });
  });

  it('tell what was recorded and sent again, also of the message that is opened later', () => {
    const watch = watchOf();
    const once = signed('aaaaaaaa');
    sayOn(watch, 'telemetry', once);
    sayOn(watch, 'telemetry', once, { at: start + 10 });
    sayOn(watch, 'telemetry', signed('bbbbbbbb', start - replayWindowMs - 1), { at: start + 20 });
    expect(factsOf(watch)).toMatchObject({ signatures: { valid: 3 }, replayed: { count: 2, lastAt: start + 20 } });
    expect([0, 10, 11].map((after) => watch.replayOf(once.sig, start + after))).toEqual([
      'fresh',
      'repeated',
      undefined,
    ]);
    expect(watch.replayOf('vbbbbbbbb', start + 20)).toBe('too-old');
  });

  it('of another time tell of a wrong clock, until it is right or says something twice', () => {
    const watch = watchOf({ keepsApart: false });
    const behind = (n: string, at: number) => signed(n, at - 12 * 60_000);
    sayOn(watch, 'telemetry', behind('aaaaaaaa', start));
    sayOn(watch, 'telemetry', behind('bbbbbbbb', start + 10), { at: start + 10 });
    expect(factsOf(watch)).toMatchObject({
      lastSeenAt: null,
      replayed: { count: 0 },
      clockOff: { count: 2, lastAt: start + 10, aheadMs: -12 * 60_000 },
    });
    sayOn(watch, 'telemetry', behind('aaaaaaaa', start), { at: start + 20 });
    expect(factsOf(watch)).toMatchObject({ replayed: { count: 1 }, clockOff: { count: 2 } });
    sayOn(watch, 'telemetry', signed('cccccccc', start + 30), { at: start + 30 });
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: start + 30, clockOff: { count: 0 } });
    const late = start + 40 + replayWindowMs;
    sayOn(watch, 'telemetry', signed('dddddddd', late + replayWindowMs + 1), { at: late });
    expect(factsOf(watch).clockOff).toEqual({ count: 1, lastAt: late, aheadMs: replayWindowMs + 1 });
  });

  it('keep the nonces of plants and of kinds apart', () => {
    const watch = watchOf({}, new Set([plantId, other]));
    sayOn(watch, 'telemetry', signed('aaaaaaaa'));
    sayOn(watch, 'ack', signed('aaaaaaaa'));
    say(watch, `cpi/${other}/telemetry`, signed('aaaaaaaa'));
    expect(factsOf(watch).replayed.count).toBe(0);
    expect(watch.facts(other, start)?.replayed.count).toBe(0);
  });

  it('tell of a command that was sent again, by its id, and nothing of the plant that it is for', () => {
    const watch = watchOf();
    const command = { cmdId: 'c-1', ts: start, type: 'HOLD', sig: 'vcommand' };
    sayOn(watch, 'command', command);
    sayOn(watch, 'commands', command, { at: start + 10 });
    sayOn(watch, 'command', { ...command, cmdId: 'c-2', sig: 'wrong' }, { at: start + 20 });
    const told = [0, 10].map((after) => watch.replayOf(command.sig, start + after));
    expect([...told, watch.replayOf('wrong', start + 20)]).toEqual(['fresh', 'repeated', undefined]);
    const nothing = { count: 0 };
    expect(factsOf(watch)).toMatchObject({
      lastSeenAt: null,
      signatures: { valid: 0, unchecked: 0 },
      replayed: nothing,
      invalid: nothing,
      outside: nothing,
    });
  });

  it('tell of a command of the console that somebody sends again', () => {
    const watch = watchOf();
    const command = { cmdId: 'c-1', ts: start, type: 'HOLD', sig: 'vcommand' };
    const own = { payload: Buffer.from(JSON.stringify(command)), qos: 1, retained: false, receivedAt: start } as const;
    watch.takeOwn({ ...own, topic: `cpi/${plantId}/command` });
    watch.takeOwn({ ...own, topic: `cpi/${plantId}/telemetry` });
    sayOn(watch, 'command', command, { at: start + 10 });
    expect([0, 10].map((after) => watch.replayOf(command.sig, start + after))).toEqual(['fresh', 'repeated']);
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: null, signatures: { valid: 0 } });
  });

  it('of commands without end take no turn from what the plant says', () => {
    const watch = watchOf();
    for (let i = 0; i < 1000; i++) sayOn(watch, 'command', { cmdId: `${i}`, ts: start, sig: `v${i}` });
    sayOn(watch, 'telemetry', signed('aaaaaaaa'));
    expect(factsOf(watch)).toMatchObject({ signatures: { valid: 1, unchecked: 0 } });
    expect([watch.replayOf('v199', start), watch.replayOf('v200', start)]).toEqual(['fresh', undefined]);
  });

  it('are the only proof where a broker keeps nobody apart', () => {
    const watch = watchOf({ keepsApart: false });
    sayOn(watch, 'telemetry', {});
    sayOn(watch, 'info', 'x');
    sayOn(watch, 'ack', { sig: 'wrong' });
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: null, unproven: { count: 1 }, invalid: { count: 1 } });
    const once = signed('aaaaaaaa');
    sayOn(watch, 'telemetry', once);
    sayOn(watch, 'telemetry', once, { at: start + 7 });
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: start, replayed: { count: 1 } });
  });
});

describe('alarms', () => {
  const alarm = (ev: string, alarmId: string | number = 'a1', sig?: string) => {
    return { ts: start, n: 'aabbccdd', ev, alarmId, code: 'E7', sev: 'HIGH', msg: 'Door open', ...(sig && { sig }) };
  };

  it('are open until they are resolved', () => {
    const watch = watchOf();
    sayOn(watch, 'alarm', alarm('RAISE'));
    sayOn(watch, 'alarm', alarm('RAISE', 2), { at: start + 1 });
    expect(factsOf(watch).openAlarms).toEqual([
      { alarmId: '2', words: 'E7 · HIGH · Door open', at: start + 1 },
      { alarmId: 'a1', words: 'E7 · HIGH · Door open', at: start },
    ]);
    sayOn(watch, 'alarm', alarm('RESOLVE'), { at: start + 2 });
    expect(factsOf(watch)).toMatchObject({ openAlarms: [{ alarmId: '2' }], lastResolvedAt: start + 2 });
  });

  it('with a wrong signature are none, and there are never too many', () => {
    const watch = watchOf();
    sayOn(watch, 'alarm', alarm('RAISE', 'forged', 'wrong'));
    expect(factsOf(watch).openAlarms).toEqual([]);
    for (let i = 0; i < 100; i++) sayOn(watch, 'alarm', alarm('RAISE', i), { at: start + i * 1000 });
    expect(factsOf(watch).openAlarms).toHaveLength(32);
    expect(factsOf(watch).openAlarms[0]?.alarmId).toBe('99');
  });
});

describe('topics', () => {
  it('that a plant does not have are noticed', () => {
    const watch = watchOf();
    for (const name of ['telemetry/deep', 'firmware', '', 'Telemetry']) sayOn(watch, name);
    expect(factsOf(watch)).toMatchObject({ outside: { count: 4, lastAt: start }, lastSeenAt: null });
  });

  it('of a plant that comes into the register are its own from then on, and gone with it', () => {
    const register = new Set<string>();
    const watch = watchOf({}, register);
    for (let i = 0; i < 2; i++) sayOn(watch, 'telemetry');
    expect(watch.unknown()).toEqual({ ids: 1, messages: 2 });
    expect(watch.facts(plantId, start)).toBeUndefined();
    register.add(plantId);
    expect(factsOf(watch).lastSeenAt).toBeNull();
    sayOn(watch, 'telemetry');
    expect(factsOf(watch).lastSeenAt).toBe(start);
    expect(watch.unknown()).toEqual({ ids: 0, messages: 2 });
    register.delete(plantId);
    watch.forget([plantId]);
    expect(watch.facts(plantId, start)).toBeUndefined();
  });

  it('of nobody in the register are counted with a bound, which takes nothing from a plant', () => {
    const watch = watchOf();
    for (let i = 0; i < 2000; i++) say(watch, `cpi/stranger-${i}/telemetry`);
    expect(watch.unknown()).toEqual({ ids: 1000, messages: 2000 });
    sayOn(watch, 'telemetry');
    expect(factsOf(watch).lastSeenAt).toBe(start);
    const nobody = watchOf({}, new Set());
    for (const topic of [`cpi/${other}/telemetry`, `cpi/${plantId}`, 'cpi/', 'other/topic']) say(nobody, topic);
    expect(nobody.unknown()).toEqual({ ids: 3, messages: 3 });
  });

  it('in whose name the console probes the broker are nobody that is missing in the register', () => {
    const asked: string[] = [];
    const isProbe = (id: string) => asked.push(id) > 0 && id === other;
    const watch = watchOf({ isProbe });
    for (let i = 0; i < 3; i++) for (const id of [other, 'stranger']) say(watch, `cpi/${id}/telemetry`);
    expect(watch.unknown()).toEqual({ ids: 1, messages: 3 });
    expect(asked).toEqual([other, 'stranger']);
  });
});

describe('a session', () => {
  const signed = (n: string, ts: unknown = start) => ({ sig: `v${n}`, n, ts });
  const proven = (keepsApart: boolean, tell: (watch: PlantWatch) => void) => {
    const at: number[] = [];
    tell(watchOf({ keepsApart, onSession: (id, when) => id === plantId && at.push(when) }));
    return at.map((when) => when - start);
  };

  it('is proven by what a plant writes now where the broker keeps plants apart, and by no will', () => {
    const at = proven(true, (watch) => {
      sayOn(watch, 'telemetry', {}, { retained: true });
      sayOn(watch, 'command', {}, { at: start + 1 });
      sayOn(watch, 'firmware', {}, { at: start + 2 });
      sayOn(watch, 'status', { status: 'offline' }, { at: start + 3 });
      say(watch, `cpi/${other}/telemetry`, {}, { at: start + 4 });
      sayOn(watch, 'status', 'online', { at: start + 5 });
      sayOn(watch, 'info', 'x', { at: start + 6 });
    });
    expect(at).toEqual([5, 6]);
  });

  it('is proven elsewhere by a signature over a fresh nonce and time alone', () => {
    const at = proven(false, (watch) => {
      sayOn(watch, 'status', 'online', { at: start });
      sayOn(watch, 'telemetry', {}, { at: start + 1 });
      sayOn(watch, 'ack', { sig: 'wrong', n: 'aaaaaaaa', ts: start }, { at: start + 2 });
      sayOn(watch, 'telemetry', signed('bbbbbbbb', start - replayWindowMs - 1), { at: start + 3 });
      sayOn(watch, 'telemetry', signed('cccccccc'), { at: start + 4 });
      sayOn(watch, 'telemetry', signed('cccccccc'), { at: start + 5 });
    });
    expect(at).toEqual([4]);
  });

  it.each([
    ['time as text', { sig: 'v', n: 'aaaaaaaa', ts: String(start - 86_400_000) }],
    ['nonce as a list', { sig: 'v', n: ['aaaaaaaa'], ts: start }],
    ['nonce without an end', { sig: 'v', n: 'a'.repeat(65), ts: start }],
    ['no time', { sig: 'v', n: 'aaaaaaaa' }],
  ])('is not proven there by a good signature over a %s', (_what, content) => {
    expect(proven(false, (watch) => sayOn(watch, 'telemetry', content))).toEqual([]);
    const watch = watchOf({ keepsApart: false });
    sayOn(watch, 'telemetry', content);
    expect(factsOf(watch)).toMatchObject({ lastSeenAt: null, signatures: { valid: 1 }, unproven: { count: 1 } });
  });

  it('is looked for whatever other plants take of the checks', () => {
    const loud = Array.from({ length: 3 }, (_, i) => `0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e1${i}`);
    const seen = new Set<string>();
    const onSession = (id: string) => seen.add(id);
    const watch = watchOf({ keepsApart: false, checksPerSecond: 3, onSession }, new Set([plantId, ...loud]));
    for (const [i, id] of loud.entries()) say(watch, `cpi/${id}/telemetry`, signed(`aaaaaaa${i}`));
    for (const [i, id] of loud.entries())
      say(watch, `cpi/${id}/telemetry`, signed(`bbbbbbb${i}`, start + 1000), { at: start + 1000 });
    sayOn(watch, 'telemetry', signed('cccccccc', start + 1000), { at: start + 1000 });
    expect(seen).toEqual(new Set([...loud, plantId]));
  });
});

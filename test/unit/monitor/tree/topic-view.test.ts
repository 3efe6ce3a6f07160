import { describe, expect, test } from 'vitest';
import { TopicStore } from '../../../../electron/monitor/topic-store.ts';
import { TopicView } from '../../../../electron/monitor/tree/topic-view.ts';
import {
  type TopicLook,
  type TopicRow,
  topicLookSchema,
  topicPictureSchema,
} from '../../../../shared/model/monitor.ts';

const now = 1_700_000_000_000;

function setUp(look: Partial<TopicLook> = {}) {
  const store = new TopicStore();
  const publish = (topic: string, payload = '{}') =>
    store.take({ topic, payload: Buffer.from(payload), qos: 0, retained: false, receivedAt: now });
  let current = topicLookSchema.parse(look);
  const view = new TopicView(store, current);
  return {
    store,
    view,
    publish,
    look(change: Partial<TopicLook>) {
      current = { ...current, ...change };
      view.look(current);
    },
    picture() {
      while (!view.advance());
      return topicPictureSchema.parse(view.picture(now));
    },
  };
}
/** `cpi`, ` a`, `  telemetry`: a space a level. */
const drawn = (rows: readonly TopicRow[]) => rows.map(({ name, depth }) => ' '.repeat(depth) + name);

describe('the tree that a window sees', () => {
  test('counts topics and messages up to the first level', () => {
    const { publish, picture } = setUp();
    for (const topic of ['cpi/a/telemetry', 'cpi/a/telemetry', 'cpi/a/status', 'cpi/b/telemetry']) publish(topic);
    const { rows } = picture();
    expect(drawn(rows)).toEqual(['cpi', ' a', '  status', '  telemetry', ' b', '  telemetry']);
    expect(rows.map(({ topicCount, messageCount }) => [topicCount, messageCount])).toEqual([
      [3, 4],
      [2, 3],
      [1, 1],
      [1, 2],
      [1, 1],
      [1, 1],
    ]);
    expect(rows[0]?.rate).toBeGreaterThan(rows[4]?.rate ?? 0);
    expect(rows.map(({ parentRow }) => parentRow)).toEqual([-1, 0, 1, 1, 0, 4]);
    expect(rows.map(({ index, siblings }) => [index, siblings])).toEqual([
      [0, 1],
      [0, 2],
      [0, 2],
      [1, 2],
      [1, 2],
      [0, 1],
    ]);
  });

  test('opens the first plants by itself and leaves the many closed; what the operator toggled wins', () => {
    const { publish, picture, look } = setUp();
    for (let i = 0; i < 20; i++) publish(`cpi/plant${i}/telemetry`);
    const before = picture();
    expect(before.totalRows).toBe(1 + 20 + 12);
    look({ toggled: [idOf(before.rows, 'plant0'), idOf(before.rows, 'plant19')] });
    const { rows } = picture();
    expect(rows.find(({ name }) => name === 'plant0')?.isOpen).toBe(false);
    expect(rows.find(({ name }) => name === 'plant19')?.isOpen).toBe(true);
    expect(drawn(rows).at(-1)).toBe('  telemetry');
  });

  test.each([
    { firstRow: 0, rowCount: 7 },
    { firstRow: 1, rowCount: 1 },
    { firstRow: 13, rowCount: 20 },
    { firstRow: 990, rowCount: 30 },
    { firstRow: 5000, rowCount: 10 },
  ])('the rows $firstRow + $rowCount are those of the whole tree', ({ firstRow, rowCount }) => {
    const { publish, picture, look } = setUp({ rowCount: 200 });
    for (let i = 0; i < 300; i++) publish(`cpi/p${i % 40}/${i}`);
    look({
      toggled: picture()
        .rows.filter(({ depth, isOpen }) => depth === 1 && !isOpen)
        .map(({ nodeId }) => nodeId),
    });
    const total = picture().totalRows;
    expect(total).toBe(341);
    const whole: string[] = [];
    for (let first = 0; first < total; first += 100) {
      look({ firstRow: first, rowCount: 100 });
      const part = picture();
      whole.push(...drawn(part.rows).slice(first - part.firstRow));
    }
    expect(whole).toHaveLength(total);
    look({ firstRow, rowCount });
    const shown = picture();
    expect(shown.firstRow).toBe(Math.min(firstRow, total - rowCount));
    expect(drawn(shown.rows)).toEqual(whole.slice(shown.firstRow, shown.firstRow + rowCount));
  });

  test('a topic may be a branch too, and levels may be empty', () => {
    const { publish, picture } = setUp();
    for (const topic of ['a', 'a/b', '/a', 'a//b']) publish(topic);
    const { rows } = picture();
    expect(drawn(rows)).toEqual(['', ' a', 'a', ' ', '  b', ' b']);
    expect(rows[2]).toMatchObject({ isBranch: true, topicCount: 3, value: { preview: '{}' } });
  });

  test('a topic of thousands of levels has some rows only, and is found by any part of it', () => {
    const { publish, look, picture } = setUp();
    const topic = `a${'/b'.repeat(32_000)}/end`;
    publish(topic);
    publish(topic);
    publish('a/b');
    const { rows, totalRows } = picture();
    expect(totalRows).toBe(32);
    expect(rows[0]).toMatchObject({ topicCount: 2, messageCount: 3 });
    const last = rows.at(-1);
    expect(last).toMatchObject({ depth: 31, isBranch: false, messageCount: 2 });
    expect(last?.name).toHaveLength(201);
    look({ query: 'b/end' });
    expect(picture().found).toEqual({ topics: 1, isDone: true });
  });

  test('names and values that nobody could read are shown as escapes, and long ones cut', () => {
    const { publish, picture } = setUp();
    publish('\u202egnp.exe', '\u001b[2J');
    publish('<img src=x onerror=alert(1)>', '<b>');
    publish('x'.repeat(60_000), 'y'.repeat(60_000));
    const { rows } = picture();
    expect(rows.map(({ name }) => name.slice(0, 30))).toEqual([
      '<img src=x onerror=alert(1)>',
      'x'.repeat(30),
      '\\u202egnp.exe',
    ]);
    expect(rows[2]?.value?.preview).toBe('\\u001b[2J');
    expect(JSON.stringify(rows).length).toBeLessThan(3000);
  });
});

describe('a search', () => {
  const topics = ['cpi/a/telemetry', 'cpi/a/status', 'cpi/B/telemetry', 'site/hall/sensor'];
  const found = (look: Partial<TopicLook>) => {
    const { publish, picture } = setUp(look);
    for (const topic of topics) publish(topic);
    const { rows, totalRows, found: result } = picture();
    expect(totalRows).toBe(rows.length);
    expect(result?.isDone).toBe(true);
    return [result?.topics, ...drawn(rows)];
  };

  test('keeps what fits, what is below it, and the way to it', () => {
    expect(found({ query: 'status' })).toEqual([1, 'cpi', ' a', '  status']);
    expect(found({ query: 'b' })).toEqual([1, 'cpi', ' B', '  telemetry']);
    expect(found({ query: 'TELE' })).toEqual([2, 'cpi', ' a', '  telemetry', ' B', '  telemetry']);
    expect(found({ query: 'cpi' })).toHaveLength(7);
    expect(found({ query: 'nothing' })).toEqual([0]);
  });

  test('with a slash goes over levels, and levels may fit by another name', () => {
    expect(found({ query: 'a/st' })).toEqual([1, 'cpi', ' a', '  status']);
    expect(found({ query: 'pump', levels: ['hall'] })).toEqual([1, 'site', ' hall', '  sensor']);
  });

  test('finds what comes later, once', () => {
    const { publish, picture, look } = setUp({ query: 'tele' });
    publish('cpi/a/telemetry');
    expect(picture().totalRows).toBe(3);
    publish('cpi/b/telemetry');
    publish('cpi/a/other');
    publish('cpi/a/telemetry/more');
    const { rows, totalRows } = picture();
    expect(drawn(rows)).toEqual(['cpi', ' a', '  telemetry', '   more', ' b', '  telemetry']);
    expect(totalRows).toBe(6);
    look({ query: '' });
    expect(picture().totalRows).toBe(7);
  });

  test('goes on in slices over a hundred thousand topics, and counts the same rows as it shows', () => {
    const { store, publish, picture, look } = setUp();
    for (let i = 0; i < 100_000; i++) publish(`site/${i % 1000}/sensor-${i}`);
    look({ query: 'sensor-9', rowCount: 200 });
    const total = picture().totalRows;
    expect(store.counts().topics).toBe(100_000);
    let rows = 0;
    for (let first = 0; first < total; first += 200) {
      look({ firstRow: first });
      const part = picture();
      rows += part.rows.length - (first - part.firstRow);
    }
    expect(rows).toBe(total);
    expect(total).toBe(1 + 1000 + 11_111);
  });
});

describe('a picture that stands still', () => {
  test('is not sent again, and values are as they were when it is scrolled; then it goes on', () => {
    const { view, publish, picture, look } = setUp();
    publish('a', 'first');
    look({ isPaused: true });
    expect(picture().rows[0]?.value?.preview).toBe('first');
    publish('a', 'second');
    publish('a', 'third');
    expect(view.picture(now)).toBeNull();
    look({ rowCount: 10 });
    expect(picture().rows[0]).toMatchObject({ messageCount: 1, value: { preview: 'first' } });
    look({ isPaused: false });
    expect(picture().rows[0]).toMatchObject({ messageCount: 3, value: { preview: 'third' } });
    expect(view.coalesced).toBe(1);
  });
});

test('a search shows all that it finds also while the picture stands still', () => {
  const { view, publish, picture, look } = setUp();
  for (let i = 0; i < 2000; i++) publish(`cpi/${i}`);
  look({ isPaused: true });
  picture();
  look({ query: 'cpi' });
  expect(view.picture(now)?.found).toEqual({ topics: 0, isDone: false });
  expect(picture().found).toEqual({ topics: 2000, isDone: true });
  expect(view.picture(now)).toBeNull();
});

test('values that no frame showed are counted, of the rows in sight alone', () => {
  const { view, publish, picture } = setUp({ rowCount: 1 });
  for (let round = 0; round < 5; round++) {
    publish('in-sight');
    publish('out-of-sight');
  }
  picture();
  for (let round = 0; round < 5; round++) {
    publish('in-sight');
    publish('out-of-sight');
  }
  picture();
  expect(view.coalesced).toBe(4);
});

const idOf = (rows: readonly TopicRow[], name: string): number => rows.find((row) => row.name === name)?.nodeId ?? -1;

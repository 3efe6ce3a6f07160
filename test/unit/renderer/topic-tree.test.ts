import { describe, expect, test } from 'vitest';
import { type TopicRow, TopicTree } from '../../../renderer/features/monitor/topic-tree.ts';
import type { TopicValue } from '../../../shared/model/monitor.ts';

const value = (topic: string, messageCount = 1): TopicValue => ({
  topic,
  preview: '{}',
  payloadBytes: 2,
  messageCount,
  retained: false,
  qos: 0,
  receivedAt: '2026-01-01T00:00:00.000Z',
});

const nothingToggled: ReadonlySet<string> = new Set();
const paths = (rows: readonly TopicRow[]) => rows.map(({ node }) => node.path);

describe('the topic tree', () => {
  test('counts topics and messages up to the root branch, a message once', () => {
    const tree = new TopicTree();
    tree.apply([value('cpi/a/telemetry', 3), value('cpi/a/status'), value('cpi/b/telemetry', 2)]);
    tree.apply([value('cpi/a/telemetry', 5)]);
    expect(tree.find('cpi')).toMatchObject({ topicCount: 3, messageCount: 8 });
    expect(tree.find('cpi/a')).toMatchObject({ topicCount: 2, messageCount: 6 });
    expect(tree.find('cpi/c')).toBeNull();
  });

  test('lists branches in the order of their names, numbers by size', () => {
    const tree = new TopicTree();
    tree.apply([value('x/line10'), value('x/line9'), value('x/line1')]);
    expect(paths(tree.rows(nothingToggled, null))).toEqual(['x', 'x/line1', 'x/line9', 'x/line10']);
  });

  test('opens the first plants by itself and leaves the many closed; what the operator toggled wins', () => {
    const tree = new TopicTree();
    tree.apply(Array.from({ length: 20 }, (_, i) => value(`cpi/plant${i}/telemetry`)));
    const shown = paths(tree.rows(nothingToggled, null));
    expect(shown).toContain('cpi/plant0/telemetry');
    expect(shown).not.toContain('cpi/plant19/telemetry');
    const toggled = paths(tree.rows(new Set(['cpi/plant0', 'cpi/plant19']), null));
    expect(toggled).not.toContain('cpi/plant0/telemetry');
    expect(toggled).toContain('cpi/plant19/telemetry');
  });

  test('a search keeps what matches, what is below it, and the way to it', () => {
    const tree = new TopicTree();
    tree.apply([value('cpi/a/telemetry'), value('cpi/a/status'), value('cpi/b/telemetry')]);
    expect(paths(tree.rows(nothingToggled, ({ name }) => name === 'status'))).toEqual(['cpi', 'cpi/a', 'cpi/a/status']);
    expect(paths(tree.rows(nothingToggled, ({ name }) => name === 'b'))).toEqual(['cpi', 'cpi/b', 'cpi/b/telemetry']);
    expect(tree.rows(nothingToggled, () => false)).toEqual([]);
  });

  test('a topic may be a branch too, and levels may be empty', () => {
    const tree = new TopicTree();
    tree.apply([value('a'), value('a/b'), value('/a'), value('a//b')]);
    expect(paths(tree.rows(nothingToggled, null)).sort()).toEqual(['', '/a', 'a', 'a/', 'a//b', 'a/b']);
    expect(tree.find('a')).toMatchObject({ topicCount: 3 });
  });
});

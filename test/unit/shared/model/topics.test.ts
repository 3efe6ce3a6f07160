import { describe, expect, it } from 'vitest';
import { filterMatchesTopic, isTopicFilter } from '../../../../shared/model/topics.ts';

// MQTT 5, section 4.7: the specification's own examples.
const matching: readonly (readonly [string, string])[] = [
  ['sport/tennis/player1/#', 'sport/tennis/player1'],
  ['sport/tennis/player1/#', 'sport/tennis/player1/ranking'],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon'],
  ['sport/#', 'sport'],
  ['#', 'sport/tennis'],
  ['sport/tennis/+', 'sport/tennis/player1'],
  ['sport/+', 'sport/'],
  ['+', 'finance'],
  ['+/+', '/finance'],
  ['/+', '/finance'],
  ['+/tennis/#', 'sport/tennis'],
  ['$SYS/#', '$SYS/broker/load'],
  ['$SYS/monitor/+', '$SYS/monitor/Clients'],
  ['a//b', 'a//b'],
];
const different: readonly (readonly [string, string])[] = [
  ['sport/tennis/+', 'sport/tennis/player1/ranking'],
  ['sport/+', 'sport'],
  ['+', '/finance'],
  ['#', '$SYS/broker/load'],
  ['+/monitor/Clients', '$SYS/monitor/Clients'],
  ['a/b/#', 'a'],
  ['ACCOUNTS', 'Accounts'],
  ['a', 'a/'],
  ['a/#/c', 'a/b/c'],
  ['', ''],
];

describe('filterMatchesTopic', () => {
  it.each(matching)('%s matches %s', (filter, topic) => expect(filterMatchesTopic(filter, topic)).toBe(true));
  it.each(different)('%s does not match %s', (filter, topic) => expect(filterMatchesTopic(filter, topic)).toBe(false));
});

describe('isTopicFilter', () => {
  it.each(['#', '+', 'a/+/b', 'a/#', '/', 'cpi/%u/telemetry', `a${'/'.repeat(200)}`])('takes %s', (filter) =>
    expect(isTopicFilter(filter)).toBe(true),
  );
  it.each(['', 'a#', 'a/#/b', 'a+', '+a/b', 'a\0', 'a\ud800', '\udc00/#', `a${'/'.repeat(201)}`, 'ä'.repeat(32_768)])(
    'refuses %s',
    (filter) => expect(isTopicFilter(filter)).toBe(false),
  );
});

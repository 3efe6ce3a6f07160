import { describe, expect, it } from 'vitest';
import { logsSessions, SessionLog, sessionLinePattern } from '../../../electron/broker/session-log.ts';

const start = ['1: mosquitto version 2.0.11 starting', '1: Config loaded.', '1: mosquitto version 2.0.11 running'];
const connect = (clientId: string, username: string) =>
  `1795248815: New client connected from 127.0.0.1:37224 as ${clientId} (p2, c1, k60, u'${username}').`;

function connectedAfter(lines: readonly string[]): string[] | undefined {
  const log = new SessionLog();
  for (const line of lines) log.take(line);
  return log.sessions()?.map(({ clientId, username }) => `${clientId}=${username}`);
}

describe('SessionLog', () => {
  it('says nothing before it saw the broker start, and after it saw it end', () => {
    expect(connectedAfter([connect('a', 'x')])).toBeUndefined();
    expect(connectedAfter([...start, connect('a', 'x'), '2: mosquitto version 2.0.11 terminating'])).toBeUndefined();
    expect(connectedAfter([...start, connect('a', 'x'), ...start])).toEqual([]);
  });

  it.each([
    'Client a disconnected.',
    'Client a closed its connection.',
    'Client a has exceeded timeout, disconnecting.',
    'Client a disconnected due to protocol error.',
    'Client a disconnected: Keep alive timeout.',
    'Client a been disconnected by administrative action.',
    'Bad socket read/write on client a: The connection was lost.',
    'Client a [127.0.0.1:37224] disconnected.',
    'Client a [127.0.0.1:37224] disconnected: exceeded timeout.',
  ])('ends a session at "%s"', (line) => {
    expect(new RegExp(sessionLinePattern).test(line)).toBe(true);
    expect(connectedAfter([...start, connect('a', 'x'), connect('b', 'y'), `9: ${line}`])).toEqual(['b=y']);
  });

  it.each([
    // Whoever was refused asked for that id.
    'Client a disconnected, not authorised.',
    'Client a [127.0.0.1:4] disconnected: not authorised.',
    'Client a already connected, closing old connection.',
    // Ids and topics that look like the end of a session.
    'Client a disconnected. disconnected.',
    'Client a disconnected: gone disconnected.',
    'Received SUBSCRIBE from Client a disconnected.',
    'b 0 Client a disconnected.',
  ])('keeps a session at "%s"', (line) => {
    expect(connectedAfter([...start, connect('a', 'x'), `9: ${line}`])).toEqual(['a=x']);
  });

  it('takes no client id for a username, and no topic for a client', () => {
    expect(connectedAfter([...start, connect("a (p2, c1, k60, u'victim').", 'mallory')])).toEqual([
      "a (p2, c1, k60, u'victim').=mallory",
    ]);
    expect(connectedAfter([...start, `9: b 0 ${connect('a', 'victim').slice(12)}`])).toEqual([]);
    expect(connectedAfter([...start, connect('ä ö', "o'hara")])).toEqual(["ä ö=o'hara"]);
  });

  it('says when, as far as the broker does', () => {
    const log = new SessionLog();
    log.write(`${start.join('\n')}\n${connect('a', 'x')}\n`);
    log.write('New client connected from ::1:5 as b (p5, c0, k');
    log.write("10, u'y').\n2026-11-21T08:00:00: New client connected from ::1:6 as c (p4, c1, k0).\n");
    expect(log.sessions()).toEqual([
      { clientId: 'a', username: 'x', connectedAt: '2026-11-21T08:13:35.000Z' },
      { clientId: 'b', username: 'y', connectedAt: null },
      { clientId: 'c', username: '', connectedAt: null },
    ]);
  });
});

it.each([
  ['', true],
  ['connection_messages true\n', true],
  ['connection_messages false\n', false],
  ['log_type all\n', true],
  ['log_type none\n', false],
  ['log_type error\nlog_type warning\n', false],
  ['log_type notice\nlog_type information\n', true],
  ['log_type notice\n', false],
])('of a broker with %j it is known whether it writes who comes: %s', (conf, isWritten) => {
  expect(logsSessions(`log_dest stderr\n${conf}listener 1883\n`, '2.0')).toBe(isWritten);
});

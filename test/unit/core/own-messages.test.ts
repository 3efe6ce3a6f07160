import { expect, it } from 'vitest';
import { OwnMessages } from '../../../electron/core/own-messages.ts';

let now = 0;
const own = () => new OwnMessages({ now: () => new Date(now) });
const heard = (topic: string, payload: string) => ({ topic, payload: Buffer.from(payload) });

it('leaves out exactly what was sent by hand, for as long as it can be on its way', () => {
  const messages = own();
  messages.noteSent('b1', 'cpi/p/command', Buffer.from('go'));
  expect(messages.includes('b1', heard('cpi/p/command', 'go'))).toBe(true);
  expect(messages.includes('b1', heard('cpi/p/command', 'stop'))).toBe(false);
  expect(messages.includes('b1', heard('cpi/p/alarm', 'go'))).toBe(false);
  expect(messages.includes('b2', heard('cpi/p/command', 'go'))).toBe(false);
  now += 5001;
  expect(messages.includes('b1', heard('cpi/p/command', 'go'))).toBe(false);
});

it('knows each of several messages to one topic', () => {
  const messages = own();
  for (const payload of ['first', 'second', 'third']) {
    messages.noteSent('b1', 'cpi/p/telemetry', Buffer.from(payload));
    now += 2000;
  }
  const known = ['first', 'second', 'third'].map((payload) =>
    messages.includes('b1', heard('cpi/p/telemetry', payload)),
  );
  expect(known).toEqual([false, true, true]);
});

it('leaves out everything while a recording is played there', () => {
  const messages = own();
  messages.notePlayed('b1');
  expect(messages.includes('b1', heard('cpi/p/telemetry', 'x'))).toBe(true);
  expect(messages.includes('b2', heard('cpi/p/telemetry', 'x'))).toBe(false);
  now += 5001;
  expect(messages.includes('b1', heard('cpi/p/telemetry', 'x'))).toBe(false);
});

it('forgets what is over, and what would be too much', () => {
  const messages = own();
  for (let i = 0; i < 20_001; i += 1) messages.noteSent('b1', `t/${i}`, Buffer.from(''));
  expect(messages.includes('b1', heard('t/0', ''))).toBe(false);
  expect(messages.includes('b1', heard('t/20000', ''))).toBe(true);
  for (let i = 0; i < 1001; i += 1) messages.noteSent('b1', 't', Buffer.from(String(i)));
  expect(messages.includes('b1', heard('t', '0'))).toBe(false);
  expect(messages.includes('b1', heard('t', '1000'))).toBe(true);
});

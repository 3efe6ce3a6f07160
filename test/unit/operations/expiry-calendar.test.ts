import { expect, it } from 'vitest';
import { renderCalendar } from '../../../electron/operations/expiry-calendar.ts';
import type { Expiry } from '../../../shared/model/expiry.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';

const now = new Date('2026-05-01T12:00:00.123Z');
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');
const device = (change: Partial<Expiry> = {}): Expiry => ({
  expiryId: 'certificate-1',
  kind: 'device',
  name: 'Pump 4',
  site: 'Brno',
  plantId,
  brokerId: null,
  startedAt: '2026-04-01T00:00:00.000Z',
  endsAt: '2028-04-01T00:00:00.000Z',
  isOutage: true,
  ...change,
});
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n');

it('is an iCalendar object, whose lines are short and end as RFC 5545 says', () => {
  const name = 'Čerpací stanice s velmi dlouhým jménem, jaké si nikdo nezapamatuje; '.repeat(3);
  const text = renderCalendar([device({ name })], now);
  expect(text.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n')).toBe(true);
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  const lines = text.slice(0, -2).split('\r\n');
  expect(lines.every((line) => Buffer.byteLength(line) <= 75 && !/[\r\n]/.test(line))).toBe(true);
  expect(unfolded(text)).toContain(`SUMMARY:Plant certificate ends: ${name.replace(/[;,]/g, '\\$&')} (Brno)`);
  expect(unfolded(text)).toContain('DTSTART;VALUE=DATE:20280401');
  expect(unfolded(text)).toContain('DTSTAMP:20260501T120000Z');
});

it('makes one event of what ends together, with the same identity each time', () => {
  const forty = Array.from({ length: 40 }, (_, index) =>
    device({ expiryId: `certificate-${index}`, name: `Pump ${index}` }),
  );
  const events = (text: string) => unfolded(text).filter((line) => line === 'BEGIN:VEVENT').length;
  const identity = (text: string) => unfolded(text).filter((line) => line.startsWith('UID:'));
  const text = renderCalendar(forty, now);
  expect(events(text)).toBe(1);
  expect(text).toContain('40 plants');
  expect(unfolded(text).join('\n')).toContain('and 20 more');
  expect(identity(renderCalendar(forty, new Date()))).toEqual(identity(text));
  const others = [device({ kind: 'broker' }), device({ endsAt: '2028-04-02T00:00:00.000Z' })];
  expect(events(renderCalendar([...forty, ...others], now))).toBe(3);
});

it('lets no name add a line of its own', () => {
  const text = renderCalendar([device({ name: 'x\r\nBEGIN:VEVENT\r\nSUMMARY:forged\t' })], now);
  expect(unfolded(text).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
});

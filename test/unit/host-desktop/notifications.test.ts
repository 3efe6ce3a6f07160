import { expect, test } from 'vitest';
import { showNotice } from '../../../electron/host-desktop/notifications.ts';

const notice = { title: 'A certificate or list about to end: an outage', body: 'Pump 4 on 2031-05-06. See Authority.' };

test.each([
  [true, [notice]],
  [false, []],
])('a notice is shown where the system has notifications: %s', (isSupported, expected) => {
  const shown: object[] = [];
  showNotice({
    isSupported: () => isSupported,
    create: (options) => ({ show: () => void shown.push(options) }),
  })(notice);
  expect(shown).toEqual(expected);
});

test('a body is text, also for desktops that read HTML in it', () => {
  const shown: { body: string }[] = [];
  showNotice({ isSupported: () => true, create: (options) => ({ show: () => void shown.push(options) }) })({
    title: 'Alert: <b>',
    body: 'Pump <a href="http://x/">4</a> & co',
  });
  expect(shown[0]?.body).not.toMatch(/[<>&]/);
  expect(shown[0]?.body).toContain('Pump');
});

import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../electron/host-loopback/command-line.ts';

test('reads what is there, and has defaults for the rest', () => {
  expect(parseCommandLine([])).toEqual({ dataDirectory: undefined, port: 0, json: false, open: false });
  expect(parseCommandLine(['--data-dir', '/vault', '--port=8090', '--json', '--no-open'])).toEqual({
    dataDirectory: '/vault',
    port: 8090,
    json: true,
    open: false,
  });
  expect(parseCommandLine(['--open']).open).toBe(true);
});

test.each([
  [['--port', '65536'], 'port'],
  [['--port', '-1'], 'arguments'],
  [['--port', '8e3'], 'port'],
  [['--port', ''], 'port'],
  [['--data-dir', ''], 'data-dir'],
  [['--colour'], 'arguments'],
  [['vault'], 'arguments'],
])('refuses %o and names what does not fit', (args, field) => {
  expect(() => parseCommandLine(args)).toThrow(
    expect.objectContaining({ code: 'input/invalid', fields: [expect.objectContaining({ field })] }),
  );
});

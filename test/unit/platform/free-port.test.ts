import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../../../electron/platform/free-port.ts';

test('as many different ports as are wanted, outside of what outgoing connections get', async () => {
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(10_240);
    expect(port).toBeLessThan(32_768);
  }
});

test('can be listened on at once', async () => {
  for (const port of await freePorts(5)) {
    const server = createServer();
    onTestFinished(() => {
      server.close();
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  }
});

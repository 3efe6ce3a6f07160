// Apart from the others, since it waits for what the service waits for.

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startPolicyService } from '../support/policy-service.ts';

it('does not wait for a body that does not come', { timeout: 25_000 }, async () => {
  const service = await startPolicyService();
  const socket = connect(service.port, '127.0.0.1');
  try {
    const head = 'POST /mqtt/user HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
    socket.write(head);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(service.listener.counts.notUnderstood).toBe(1);
  } finally {
    socket.destroy();
    await service.close();
  }
});

import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { probeConnect } from '../../../electron/broker/probe.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const end of cleanUp.splice(0)) end();
});

/** CONNACK of MQTT 3.1.1 (section 3.2) with this return code. */
const connack = (code: number) => Buffer.from([0x20, 2, 0, code]);

const portOf = (server: Pick<Server, 'address'>) => (server.address() as AddressInfo).port;

/** Answers the first bytes of every client with `answer`; without one it hangs up on it. */
async function answering(protocol: 'mqtt' | 'ws', answer?: Buffer): Promise<number> {
  if (protocol === 'ws') {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
    server.on('connection', (socket) =>
      socket.once('message', () => (answer ? socket.send(answer) : socket.terminate())).on('error', () => {}),
    );
    await once(server, 'listening');
    cleanUp.push(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }
  const server = createServer((socket) => {
    cleanUp.push(() => socket.destroy());
    socket.once('data', () => (answer ? socket.write(answer) : socket.destroy())).on('error', () => {});
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => server.close());
  return portOf(server);
}

describe.each(['mqtt', 'ws'] as const)('a probe over %s without TLS', (protocol) => {
  const identity = { clientId: 'a', username: 'u', password: 'p' };
  const ask = (port: number) => probeConnect({ protocol, host: '127.0.0.1', port }, identity);

  it('tells a yes from a no', async () => {
    expect(await ask(await answering(protocol, connack(0)))).toEqual({ outcome: 'accepted' });
    expect(await ask(await answering(protocol, connack(5)))).toEqual({ outcome: 'refused', reason: 'CONNACK 5' });
  });

  it('takes hanging up for no answer, since anybody might do that', async () => {
    expect(await ask(await answering(protocol))).toMatchObject({ outcome: 'unreachable' });
  });

  it('says why nobody is there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    server.close();
    expect(await ask(port)).toEqual({ outcome: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('goes the way that was opened for it', async () => {
    const port = await answering(protocol, connack(0));
    const openStream = async () => openSocket(port, '127.0.0.1');
    expect(await probeConnect({ protocol, host: 'broker.invalid', port: 1, openStream }, identity)).toEqual({
      outcome: 'accepted',
    });
  });
});

it('takes a server that speaks no WebSockets for no broker', async () => {
  const port = await answering('mqtt', Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
  expect(await probeConnect({ protocol: 'ws', host: '127.0.0.1', port }, { clientId: 'a' })).toMatchObject({
    outcome: 'unreachable',
  });
});

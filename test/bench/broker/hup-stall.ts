// How long a real mosquitto answers nobody while it rereads its files with a hundred connected password clients: it
// hashes each one's password again, on its one thread. A client that asks without a pause waits longest just then.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMosquitto } from '../../../electron/broker/targets/mosquitto-program.ts';
import { hashPassword } from '../../../electron/credentials/passwords.ts';
import { renderAcl } from '../../../shared/model/mosquitto/acl-text.ts';
import { renderPasswd } from '../../../shared/model/mosquitto/passwd.ts';
import { plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../../shared/model/topics.ts';
import { median } from '../measure.ts';
import type { BenchRow } from '../row.ts';

const clients = 100;
const rounds = 9;
const aimMs = 100;

export const hupStall: BenchRow = {
  name: 'broker/hup-stall-100-password-clients',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'voke-bench-'));
    const broker = await startBroker(folder);
    const sockets: Socket[] = [];
    try {
      for (let index = 0; index < clients; index++)
        sockets.push(await connect(broker.path, `c${index}`, `plc-${index}`, `password-${index}`));
      const [asking] = sockets;
      if (asking === undefined) throw new Error('no client');
      const stalls: number[] = [];
      for (let round = 0; round < rounds; round++) stalls.push(await longestWait(asking, broker));
      if (sockets.some((socket) => socket.destroyed))
        throw new Error('a client was dropped, so it was not hashed again');
      return { ours: median(stalls), reference: aimMs };
    } finally {
      for (const socket of sockets) socket.destroy();
      await broker.stop();
      await rm(folder, { recursive: true });
    }
  },
};

type Broker = { readonly path: string; reload(): void; reloads(): number; stop(): Promise<void> };

/** With a password file and an ACL as the console writes them, on a socket of its own. */
async function startBroker(folder: string): Promise<Broker> {
  const file = (name: string) => join(folder, name);
  const names = Array.from({ length: clients }, (_, index) => index);
  const entries = await Promise.all(
    names.map(async (index) => ({ username: `plc-${index}`, hash: await hashPassword(`password-${index}`) })),
  );
  const blocks = names.map((index) => ({
    username: `plc-${index}`,
    rules: [...topicsWrittenByPlant, ...topicsReadByPlant].map((name) => ({
      access: 'readwrite' as const,
      topic: plantTopic(`plant-${index}`, name),
    })),
  }));
  const account = process.getuid?.() === 0 ? 'user root\n' : '';
  await writeFile(file('passwd'), renderPasswd(entries), { mode: 0o600 });
  await writeFile(file('acl'), renderAcl({ patterns: [], blocks }), { mode: 0o600 });
  await writeFile(
    file('mosquitto.conf'),
    `${account}listener 0 ${file('socket')}\npassword_file ${file('passwd')}\nacl_file ${file('acl')}\n`,
  );
  const child = spawn(await findMosquitto(), ['-c', file('mosquitto.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  while (!/mosquitto version \S+ running/.test(log)) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    path: file('socket'),
    reload: () => void child.kill('SIGHUP'),
    reloads: () => log.split('Reloading config.').length - 1,
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** MQTT 3.1.1 (section 3.1), without a keep-alive. */
async function connect(path: string, clientId: string, username: string, password: string): Promise<Socket> {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
  const body = Buffer.concat([
    ...[text('MQTT'), Buffer.from([4, 0xc2, 0, 0])],
    ...[clientId, username, password].map(text),
  ]);
  const socket = createConnection(path);
  await once(socket, 'connect');
  socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  const [answer] = await once(socket, 'data');
  if (!Buffer.isBuffer(answer) || answer[3] !== 0) throw new Error(`${clientId} was not let in`);
  socket.on('data', () => {});
  return socket;
}

/** In milliseconds, from the signal until the broker has reread its files and answers again. */
async function longestWait(socket: Socket, broker: Broker): Promise<number> {
  const before = broker.reloads();
  let longest = 0;
  let after = 0;
  broker.reload();
  while (after < 20) {
    const begin = performance.now();
    const answer = once(socket, 'data');
    socket.write(Buffer.from([0xc0, 0]));
    await answer;
    longest = Math.max(longest, performance.now() - begin);
    if (broker.reloads() > before) after++;
  }
  return longest;
}

// Messages as bytes, made before anything is measured: a sender that encodes would compete with what it is sent to.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Message, MessageAt } from './messages.ts';

export type Login = { readonly clientId: string; readonly username: string; readonly password: string };

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.byteLength >> 8, bytes.byteLength & 0xff]), bytes]);
};

/** An MQTT packet (3.1.1, section 2.2) of at most 2 MB. */
export function packet(firstByte: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = body.byteLength; length.length === 0 || rest > 0; rest >>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

/** A message of QoS 0; in MQTT 5 the length of its properties, none, stands behind the topic. */
function publish({ topic, payload }: Message, version: 4 | 5): Buffer {
  const properties = Buffer.alloc(version === 5 ? 1 : 0);
  return packet(0x30, Buffer.concat([text(topic), properties, Buffer.from(payload)]));
}

/** The first `count` messages in blocks of `size`. */
export function blocks(messageAt: MessageAt, count: number, size: number, version: 4 | 5 = 4): Buffer[] {
  const made: Buffer[] = [];
  for (let from = 0; from < count; from += size) {
    const indices = Array.from({ length: Math.min(size, count - from) }, (_, i) => from + i);
    made.push(Buffer.concat(indices.map((index) => publish(messageAt(index), version))));
  }
  return made;
}

/** Logs a client in, without a keep-alive (3.1.1, section 3.1). */
export async function logIn(socket: Socket, { clientId, username, password }: Login): Promise<void> {
  const head = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 0])]);
  socket.write(packet(0x10, Buffer.concat([head, text(clientId), text(username), text(password)])));
  const [answer] = await once(socket, 'data');
  if (!Buffer.isBuffer(answer) || answer[3] !== 0) throw new Error('the sender was not let in');
}

/** Resolves when the system has taken the bytes. */
export const send = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

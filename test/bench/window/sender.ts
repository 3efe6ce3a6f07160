// A program of its own that publishes at a set speed, so that neither the console nor the browser pays for it. It is told
// by its parent what to send, and writes PUBLISH packets (MQTT 3.1.1 section 3.3, QoS 0) that were put together before.

import mqtt from 'mqtt';

export type SendOrder = {
  readonly port: number;
  readonly login: { readonly clientId: string; readonly username: string; readonly password: string };
  readonly topics: readonly string[];
  /** Messages a second; all topics take turns. */
  readonly perSecond: number;
  /** Ends after so many messages. */
  readonly messages: number;
};

const tickMs = 10;

const topicBytes = (topic: string): Buffer => {
  const name = Buffer.from(topic);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(name.length);
  return Buffer.concat([head, name]);
};

function publishPacket(topic: string, payload: string): Buffer {
  const body = Buffer.concat([topicBytes(topic), Buffer.from(payload)]);
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

async function send({ port, login, topics, perSecond, messages }: SendOrder): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 4 });
  const began = performance.now();
  let sent = 0;
  while (sent < messages) {
    const due = Math.min(messages, Math.floor(((performance.now() - began) * perSecond) / 1000));
    const packets: Buffer[] = [];
    for (; sent < due; sent++) {
      packets.push(publishPacket(topics[sent % topics.length] ?? '', `{"n":${sent},"value":${(sent % 1000) / 10}}`));
    }
    const isTaken = packets.length === 0 || client.stream.write(Buffer.concat(packets));
    if (!isTaken) await new Promise((resolve) => client.stream.once('drain', resolve));
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await client.endAsync();
}

process.once('message', (order) => {
  send(order as SendOrder).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error}\n`);
      process.exit(1);
    },
  );
});

// What is sent in a measurement: a message for each index, the same for whoever sends.

import { randomBytes } from 'node:crypto';
import { signMessage } from '../../../electron/credentials/signatures.ts';
import { plantTopic, topicsWrittenByPlant } from '../../../shared/model/topics.ts';

export type Message = { readonly topic: string; readonly payload: string };
export type MessageAt = (index: number) => Message;

const payloadBytes = 200;

/** Telemetry of nobody's, on so many topics in turn. */
export const strangersMessages =
  (topics: number): MessageAt =>
  (index) => {
    const sender = index % topics;
    const start = `{"ts":1760000000000,"value":${index},"devices":[],"padding":"`;
    return {
      topic: `bench/site-${sender % 50}/plant-${sender}/telemetry`,
      payload: `${start.padEnd(payloadBytes - 2, 'x')}"}`,
    };
  };

/** A plant of the register. */
export type SigningPlant = { readonly plantId: string; readonly hmacSecret: string };

/** Of a thousand messages of a plant so many are of each kind; the others are telemetry. */
const share = { info: 20, status: 20, ack: 10, alarm: 1 } as const;

/** Signed messages of plants in turn, on all topics that plants write, each with a nonce of its own. */
export const plantsMessages =
  (plants: readonly SigningPlant[]): MessageAt =>
  (index) => {
    const plant = plants[index % plants.length];
    if (!plant) throw new RangeError('no plants');
    const kind = kindOf((index + Math.floor(index / plants.length) * 7) % 1000);
    return { topic: plantTopic(plant.plantId, kind), payload: payloadOf(plant, kind, index) };
  };

function kindOf(part: number): (typeof topicsWrittenByPlant)[number] {
  let end = 0;
  for (const kind of topicsWrittenByPlant) {
    if (kind === 'telemetry') continue;
    end += share[kind];
    if (part < end) return kind;
  }
  return 'telemetry';
}

function payloadOf(plant: SigningPlant, kind: (typeof topicsWrittenByPlant)[number], index: number): string {
  const ts = Date.now();
  const value = (index % 1000) / 10;
  switch (kind) {
    case 'status':
      return JSON.stringify({ status: 'online', ts });
    case 'info':
      return JSON.stringify({ firmware: '4.2.1', ts });
    case 'telemetry':
      return signed(plant, kind, {
        timestamp: ts,
        devices: [{ externalId: 'meter-1', type: 'METER', values: { power: value, energy: index } }],
      });
    case 'ack':
      return signed(plant, kind, { cmdId: 'c-1', st: 'OK' });
    case 'alarm':
      return signed(plant, kind, { ev: 'RAISE', alarmId: 'a-1', code: 'E7', sev: 'HIGH', msg: 'Door open' });
  }
}

function signed({ plantId, hmacSecret }: SigningPlant, kind: 'telemetry' | 'ack' | 'alarm', content: object): string {
  const unsigned = { ts: Date.now(), n: randomBytes(8).toString('hex'), ...content };
  return JSON.stringify({ ...unsigned, sig: signMessage(kind, plantId, unsigned, hmacSecret) });
}

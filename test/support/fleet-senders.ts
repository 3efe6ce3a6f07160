// Plants with a session of their own on a live broker that keeps nobody apart, and messages as theirs, or as they should
// not be.

import { randomBytes } from 'node:crypto';
import mqtt from 'mqtt';
import { signMessage } from '../../electron/credentials/signatures.ts';
import type { SignedMessageKind } from '../../shared/model/telemetry.ts';
import type { ContractClient } from '../browser/support/contract-client.ts';
import type { LiveBroker } from './live-broker.ts';
import { clientOf } from './push-scene.ts';

export type Sender = {
  readonly plantId: string;
  /** Signed telemetry; `secret` replaces the plant's own, and its clock is `aheadMs` ahead. Answers the payload. */
  telemetry(secret?: string, aheadMs?: number): Promise<string>;
  alarm(): Promise<string>;
  /** The message with a signature by the plant's secret, as a payload. */
  sign(kind: SignedMessageKind, message: Readonly<Record<string, unknown>>): string;
  /** Anything, on a topic of the plant. */
  say(name: string, payload: string): Promise<void>;
  /** Anything, anywhere. */
  publish(topic: string, payload: string): Promise<void>;
  end(): Promise<void>;
};

export async function startSenders(
  client: ContractClient,
  { brokerId, port }: LiveBroker,
  plants: readonly { readonly name: string; readonly site?: string }[],
): Promise<Sender[]> {
  const packages = [];
  for (const plant of plants) {
    const { plantId } = await client.plants.create({ ...plant, authMethod: 'PASSWORD' });
    packages.push(await client.plants.provision({ plantId, brokerId }));
  }
  const { jobId } = await client.brokers.push({ brokerId });
  for await (const job of await client.jobs.watch({ jobId })) if (job.error) throw new Error(job.error.detail);
  return await Promise.all(
    packages.map(async (own) => {
      const { identity } = clientOf(own);
      if (!('password' in identity) || identity.username === undefined) throw new Error('a plant without a password');
      const { clientId, username, password } = identity;
      const login = { clientId, username, ...(password !== undefined && { password }) };
      const session = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });
      const { plantId, hmacSecret } = own;
      const publish = async (topic: string, payload: string) => {
        await session.publishAsync(topic, payload, { qos: 1 });
      };
      const say = (name: string, payload: string) => publish(`cpi/${plantId}/${name}`, payload);
      const sign = (kind: SignedMessageKind, message: Readonly<Record<string, unknown>>, secret = hmacSecret) =>
        JSON.stringify({ ...message, sig: signMessage(kind, plantId, message, secret) });
      const signed = async (kind: 'telemetry' | 'alarm', content: object, secret?: string) => {
        const payload = sign(kind, { ts: Date.now(), n: randomBytes(8).toString('hex'), ...content }, secret);
        await say(kind, payload);
        return payload;
      };
      return {
        plantId,
        telemetry: (secret?: string, aheadMs = 0) =>
          signed('telemetry', { ts: Date.now() + aheadMs, timestamp: Date.now(), devices: [] }, secret),
        alarm: () => signed('alarm', { ev: 'RAISE', alarmId: 'a1', code: 'E7', sev: 'HIGH', msg: 'Door open' }),
        sign,
        say,
        publish,
        end: () => session.endAsync(),
      };
    }),
  );
}

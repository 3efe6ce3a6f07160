import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { ProbeClient } from '../../electron/broker/probe.ts';

/** A client that stays connected, and knows whether it still is. */
export class MqttSession {
  readonly client: MqttClient;
  readonly received: { topic: string; payload: string }[] = [];

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('error', () => {});
    client.on('message', (topic, payload) => this.received.push({ topic, payload: payload.toString('utf8') }));
  }

  static async open({ listener, identity }: ProbeClient, will?: IClientOptions['will']): Promise<MqttSession> {
    return new MqttSession(
      await connectAsync({
        host: listener.host,
        port: listener.port,
        ...('authorityPem' in listener
          ? { protocol: 'mqtts', ca: listener.authorityPem, rejectUnauthorized: true }
          : { protocol: listener.protocol, path: '/mqtt' }),
        reconnectPeriod: 0,
        clientId: identity.clientId,
        ...(will !== undefined && { will }),
        ...(identity.certificatePem !== undefined && { cert: identity.certificatePem, key: identity.keyPem ?? '' }),
        ...(identity.username !== undefined && { username: identity.username }),
        ...(identity.password !== undefined && { password: identity.password }),
      }),
    );
  }

  /** Whether the broker still answers; it has served everything sent before when it does. */
  async isAlive(): Promise<boolean> {
    if (!this.client.connected) return false;
    return this.client.subscribeAsync(`alive/${Math.random()}`, { qos: 1 }).then(
      () => true,
      () => false,
    );
  }

  async ended(): Promise<void> {
    if (!this.client.connected) return;
    await new Promise<void>((resolve) => this.client.once('close', () => resolve()));
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}

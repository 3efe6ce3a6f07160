// The program of a PLC, as far as commissioning needs one: it connects with what was deployed, publishes signed
// snapshots, acknowledges commands, and keeps trying as a PLC in the field does. It never reads the register.

import { type IClientOptions, type MqttClient, connect as openMqtt } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PracticeDevice } from '../../shared/model/practice.ts';
import type { Snapshot, UnsignedSnapshot } from '../../shared/model/telemetry.ts';
import { filterMatchesTopic, plantTopic } from '../../shared/model/topics.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { randomHex } from '../platform/random.ts';
import { judgeCommand, type SignMessage } from './plc-commands.ts';
import { explainPlcEnding, type PlcPhase } from './plc-ending.ts';
import { type PlcFiles, readPlcFiles } from './plc-files.ts';
import { readingsAt } from './plc-readings.ts';

export type PlcState = PracticeDevice['plc'];
export type HeardMessage = { readonly topic: string; readonly payload: Buffer };

export type SimulatedPlcOptions = {
  /** Where credentials are deployed to, on this machine's file system. */
  readonly directory: string;
  readonly sign: SignMessage;
  readonly clock?: Clock;
  /** Between two snapshots, in milliseconds. */
  readonly intervalMs?: number;
  /** Between the end of a connection and the next try, in milliseconds. */
  readonly retryMs?: number;
  /** 5 for a real broker; the built-in one speaks 3.1.1, which is 4. */
  readonly protocolVersion?: 4 | 5;
  /** Called after each change of the state. */
  readonly onChange?: () => void;
};

export class SimulatedPlc {
  readonly #options: SimulatedPlcOptions;
  readonly #clock: Clock;
  #state: PlcState = { state: 'stopped', reason: null, publishedCount: 0, lastPublishedAt: null };
  #files: PlcFiles | undefined;
  #client: MqttClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(options: SimulatedPlcOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  state(): PlcState {
    return this.#state;
  }

  /**
   * Reads the deployed files and connects. Answers with the first outcome: connected, refused or disconnected with its
   * reason. Whatever it is, the PLC goes on trying until `stop`.
   */
  async start(): Promise<PlcState> {
    await this.stop();
    this.#change({ state: 'connecting', reason: null });
    try {
      this.#files = await readPlcFiles(this.#options.directory);
    } catch {
      this.#change({ state: 'disconnected', reason: 'No complete credential is deployed to this device yet' });
      return this.#state;
    }
    clearInterval(this.#beat);
    this.#beat = setInterval(() => this.#publishIfConnected(), this.#options.intervalMs ?? 2_000);
    await this.#open(this.#files);
    return this.#state;
  }

  /** Starts again with the files that are deployed now. */
  reload(): Promise<PlcState> {
    return this.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.#beat);
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.endAsync(true);
    this.#change({ state: 'stopped', reason: null });
  }

  /** Publishes one snapshot with QoS 1 and answers with it. Throws `practice/plc-not-connected`. */
  async publishOnce(): Promise<Snapshot> {
    const { client, files } = this.#session();
    const now = this.#clock.now();
    const unsigned: UnsignedSnapshot = {
      ts: now.getTime(),
      n: randomHex(8),
      timestamp: now.toISOString(),
      devices: readingsAt(now.getTime()),
    };
    const sig = this.#options.sign('telemetry', files.connection.plantId, unsigned, files.hmacSecret);
    const snapshot: Snapshot = { ...unsigned, sig };
    await client.publishAsync(files.connection.topics.telemetry, JSON.stringify(snapshot), { qos: 1 });
    this.#change({ publishedCount: this.#state.publishedCount + 1, lastPublishedAt: now.toISOString() });
    return snapshot;
  }

  /**
   * What this PLC hears on `topic` (a filter) within `milliseconds`; nothing when the broker refuses the subscription.
   * Throws `practice/plc-not-connected`.
   */
  async tryToRead(topic: string, milliseconds: number): Promise<HeardMessage[]> {
    const { client } = this.#session();
    const heard: HeardMessage[] = [];
    const hear = (name: string, payload: Buffer) => {
      if (filterMatchesTopic(topic, name)) heard.push({ topic: name, payload });
    };
    client.on('message', hear);
    try {
      await client.subscribeAsync(topic, { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await client.unsubscribeAsync(topic);
    } catch {
      // A refused subscription is an answer too: nothing was heard.
    } finally {
      client.off('message', hear);
    }
    return heard;
  }

  /** Resolves with the first outcome; later ones only change the state. */
  #open(files: PlcFiles): Promise<void> {
    return new Promise((settle) => {
      let phase: PlcPhase = 'reaching';
      let lastError: Error | undefined;
      const client = openMqtt(this.#clientOptions(files));
      this.#client = client;
      const isCurrent = () => this.#client === client;
      client.stream.once('secureConnect', () => {
        phase = 'secured';
      });
      client.on('error', (error) => {
        lastError = error;
      });
      client.on('connect', () => {
        phase = 'connected';
        void this.#listen(client, files).then(settle);
      });
      client.on('close', () => {
        if (isCurrent()) {
          this.#change(explainPlcEnding(phase, lastError));
          this.#client = undefined;
          this.#retry = setTimeout(() => void this.#open(files), this.#options.retryMs ?? 1_000);
          client.end(true);
        }
        settle();
      });
    });
  }

  #clientOptions({ connection, host, caCertPem, login }: PlcFiles): IClientOptions {
    return {
      protocol: 'mqtts',
      host,
      port: connection.port,
      // Only the deployed authority is trusted, and the certificate must name the host.
      ca: caCertPem,
      rejectUnauthorized: true,
      clientId: connection.clientId,
      ...login,
      protocolVersion: this.#options.protocolVersion ?? 5,
      keepalive: 60,
      clean: true,
      reconnectPeriod: 0,
    };
  }

  /** Subscribes to both spellings of the command topic; either may be refused. */
  async #listen(client: MqttClient, files: PlcFiles): Promise<void> {
    const { plantId, topics } = files.connection;
    client.on('message', (topic, payload) => {
      if (topic === topics.command || topic === plantTopic(plantId, 'commands')) this.#obey(client, files, payload);
    });
    let reason: string | null = null;
    for (const topic of [topics.command, plantTopic(plantId, 'commands')]) {
      await client.subscribeAsync(topic, { qos: 1 }).catch((error: Error) => {
        reason = `${topic}: ${error.message}`;
      });
    }
    if (this.#client === client && client.connected) this.#change({ state: 'connected', reason });
  }

  #obey(client: MqttClient, { connection, hmacSecret }: PlcFiles, payload: Buffer): void {
    const { plantId, authMethod, topics } = connection;
    const verdict = judgeCommand(payload, { plantId, authMethod, hmacSecret }, this.#options.sign);
    if (!verdict) return;
    const ack = { ...verdict, ts: this.#clock.now().getTime(), n: randomHex(8) };
    const sig = this.#options.sign('ack', plantId, ack, hmacSecret);
    client.publish(topics.ack, JSON.stringify({ ...ack, sig }), { qos: 1 });
  }

  /** A lost connection shows in the state; the next beat tries again. */
  #publishIfConnected(): void {
    if (this.#state.state === 'connected') this.publishOnce().catch(() => {});
  }

  #session(): { client: MqttClient; files: PlcFiles } {
    if (this.#state.state !== 'connected' || !this.#client || !this.#files) {
      throw new ConsoleError('practice/plc-not-connected');
    }
    return { client: this.#client, files: this.#files };
  }

  #change(change: Partial<PlcState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange?.();
  }
}

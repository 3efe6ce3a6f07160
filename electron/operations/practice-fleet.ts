// The built-in devices that run now, each with the PLC program on it. They live as long as the console:
// their file systems are temporary folders, so after a restart they are made and deployed anew.

import { deviceInputSchema } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Plant, PlantId } from '../../shared/model/plant.ts';
import type { PracticeDevice as PracticeDeviceView, PracticePlant } from '../../shared/model/practice.ts';
import { signMessage } from '../credentials/signatures.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { PracticeDevice } from '../practice/device.ts';
import { SimulatedPlc } from '../practice/plc.ts';
import type { OperationContext } from './context.ts';
import { confirmHostKey } from './device-access.ts';
import { putDevice } from './devices.ts';

type Member = { readonly plant: Plant; readonly device: PracticeDevice; readonly plc: SimulatedPlc };

export class PracticeFleet {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onChange: () => void;
  readonly #members = new Map<PlantId, Member>();
  #brokerId: string | null = null;
  #asksPolicy = false;

  constructor(options: { clock: Clock; logger: Logger; onChange: () => void }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
  }

  view(): PracticePlant {
    return {
      running: this.#members.size > 0,
      brokerId: this.#brokerId,
      asksPolicy: this.#asksPolicy,
      devices: [...this.#members.values()].map((member) => this.#view(member)),
    };
  }

  attachTo(brokerId: string): void {
    this.#brokerId = brokerId;
  }

  setAsksPolicy(asked: boolean): void {
    this.#asksPolicy = asked;
    this.#onChange();
  }

  /** Starts a device for the plant, unless it has one, and enters it with its host key confirmed. */
  async addDevice(context: OperationContext, plant: Plant): Promise<PracticeDeviceView> {
    const { plantId } = plant;
    const known = this.#members.get(plantId);
    if (known) return this.#view(known);
    const device = await PracticeDevice.start();
    const { host, port, username, password, directory } = device;
    const address = { host, port, username, login: { kind: 'password', password }, directory };
    putDevice(context, plantId, deviceInputSchema.parse(address));
    confirmHostKey(context, plantId, 'device', device.hostKeyFingerprint);
    const plc = new SimulatedPlc({
      directory,
      clock: this.#clock,
      sign: signMessage,
      // The built-in broker speaks 3.1.1 only, a real one speaks both.
      protocolVersion: 4,
      onChange: this.#onChange,
    });
    const member = { plant, device, plc };
    this.#members.set(plantId, member);
    this.#logger.info('practice device started', { plantId, port });
    this.#onChange();
    return this.#view(member);
  }

  /** Lets the PLC read its files anew and connect; answers when it is in, or was refused. */
  async startPlc(plantId: PlantId): Promise<PracticeDeviceView> {
    const member = this.#require(plantId);
    const { state } = await member.plc.start();
    if (state === 'connected') await member.plc.publishOnce();
    return this.#view(member);
  }

  async eavesdrop(plantId: PlantId, topic: string, milliseconds: number): Promise<{ messageCount: number }> {
    const heard = await this.#require(plantId).plc.tryToRead(topic, milliseconds);
    return { messageCount: heard.length };
  }

  async stop(): Promise<void> {
    const members = [...this.#members.values()];
    this.#members.clear();
    await Promise.all(members.map(({ plc }) => plc.stop()));
    await Promise.all(members.map(({ device }) => device.stop()));
    this.#onChange();
  }

  #require(plantId: PlantId): Member {
    const member = this.#members.get(plantId);
    if (!member) throw new ConsoleError('device/not-found', { details: { plantId } });
    return member;
  }

  #view({ plant, device, plc }: Member): PracticeDeviceView {
    const { plantId, name, authMethod } = plant;
    return { plantId, name, authMethod, host: device.host, port: device.port, plc: plc.state() };
  }
}

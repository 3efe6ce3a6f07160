// The connections of one examination: made in the patient's way, kept, and ended together.

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { knock } from './network.ts';
import type { Patient } from './patient.ts';

/** A host that answered once answers soon. */
const againMs = 1500;
/** A way over other hosts logs in on each of them first. */
const wayFactor = 4;

export class PatientStreams {
  readonly #patient: Pick<Patient, 'host' | 'port' | 'openStream'>;
  readonly #timeoutMs: number;
  readonly #open: Duplex[] = [];
  /** Of those that the name has, the one that a connection came about with. */
  address: string | undefined;

  constructor(patient: Pick<Patient, 'host' | 'port' | 'openStream'>, timeoutMs: number) {
    this.#patient = patient;
    this.#timeoutMs = timeoutMs;
  }

  keep<T extends Duplex>(stream: T): T {
    this.#open.push(stream);
    return stream;
  }

  /** Over another host. Throws what `open` throws, and `remote/timeout` when nothing comes of it. */
  async overHost(open: NonNullable<Patient['openStream']>): Promise<Duplex> {
    let isLate = false;
    const opening = open().then((stream) => {
      stream.on('error', () => {});
      if (isLate) stream.destroy();
      return this.keep(stream);
    });
    const stream = await Promise.race([opening, delay(wayFactor * this.#timeoutMs, undefined, { ref: false })]);
    if (stream) return stream;
    isLate = true;
    opening.catch(() => undefined);
    throw new ConsoleError('remote/timeout', { because: 'it did not come about in time' });
  }

  /** Another connection to the same port; undefined when there is none to be had. */
  async reopen(): Promise<Duplex | undefined> {
    const { host, port, openStream } = this.#patient;
    try {
      if (openStream) return await this.overHost(openStream);
      const result = await knock(this.address ?? host, port, againMs);
      return 'socket' in result ? this.keep(result.socket) : undefined;
    } catch {
      return undefined;
    }
  }

  destroy(): void {
    for (const stream of this.#open) stream.destroy();
  }
}

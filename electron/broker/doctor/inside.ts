// What the broker's own files and log tell during one examination. Whatever cannot be read is not known.

import { setTimeout as delay } from 'node:timers/promises';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { brokerTime, newLines } from './broker-log.ts';
import { type ListenerFiles, listenerFiles } from './listener-files.ts';
import type { BrokerInsight, Patient } from './patient.ts';

/** A line is written after the answer that it is about. */
const logMs = 100;
const shownLines = 8;
const insideMs = 6000;

export class Inside {
  /** Given up when it fails, or takes too long, once: the connection is what matters. */
  #insight: BrokerInsight | undefined;
  readonly #patient: Patient;
  readonly #now: () => Date;
  #files: Promise<ListenerFiles | undefined> | undefined;
  #before: readonly string[] = [];

  constructor(insight: BrokerInsight | undefined, patient: Patient, now: () => Date) {
    this.#insight = insight;
    this.#patient = patient;
    this.#now = now;
  }

  async begin(): Promise<void> {
    this.#before = await this.log();
  }

  files(): Promise<ListenerFiles | undefined> {
    this.#files ??= this.#readFiles();
    return this.#files;
  }

  async log(): Promise<readonly string[]> {
    const insight = this.#insight;
    return (insight && (await this.#known(() => insight.log()))) ?? [];
  }

  /** What was written since the examination began. */
  async newLines(): Promise<readonly string[]> {
    if (!this.#insight) return [];
    await delay(logMs);
    return newLines(this.#before, await this.log());
  }

  async evidence(): Promise<Evidence[]> {
    const lines = await this.newLines();
    const time = brokerTime(lines);
    return [
      ...this.#telling(lines).map((value) => ({ label: "Broker's log", value })),
      ...(time ? [{ label: "Broker's clock", value: time.toISOString() }] : []),
    ];
  }

  /** Others come and go meanwhile: what names the client goes before what does not. */
  #telling(lines: readonly string[]): readonly string[] {
    const { clientId } = this.#patient.identity;
    const namesIt = (line: string) => line.includes(clientId);
    const named = lines.filter(namesIt).slice(-shownLines);
    const room = shownLines - named.length;
    const others = room === 0 ? [] : lines.filter((line) => !namesIt(line)).slice(-room);
    const shown = new Set([...named, ...others]);
    return lines.filter((line) => shown.delete(line));
  }

  /** The time by the broker's clock; by this machine's where that is not known. */
  async brokerNow(): Promise<Date> {
    return (await this.knownBrokerNow()) ?? this.#now();
  }

  async knownBrokerNow(): Promise<Date | undefined> {
    return brokerTime(await this.newLines());
  }

  async #readFiles(): Promise<ListenerFiles | undefined> {
    const insight = this.#insight;
    return (
      insight &&
      (await this.#known(async () => {
        const [files, line] = await Promise.all([insight.files(), insight.line()]);
        return files && listenerFiles(files, line, this.#patient.port);
      }))
    );
  }

  async #known<T>(read: () => Promise<T>): Promise<T | undefined> {
    const late = Symbol('late');
    try {
      const answer = await Promise.race([read(), delay(insideMs, late, { ref: false })]);
      if (answer !== late) return answer as T;
    } catch {
      // Given up as well.
    }
    this.#insight = undefined;
    return undefined;
  }
}

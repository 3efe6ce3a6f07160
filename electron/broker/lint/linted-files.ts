import { isAscii } from 'node:buffer';
import { posix, win32 } from 'node:path';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import { type ConfOption, optionValue } from '../../../shared/model/mosquitto/conf.ts';
import type { Fault } from '../../../shared/model/mosquitto/fault.ts';
import { viewOf } from '../../platform/bytes.ts';
import { fileNames } from '../file-names.ts';

/** The files of a push while they are looked at, and what was found. Faults name file and line, never its content. */
export class LintedFiles {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  /** By the path that mosquitto.conf must name a file by. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #faults = new Set<string>();

  constructor(files: BrokerFiles, configDirectory: string) {
    const { join } = posix.isAbsolute(configDirectory) ? posix : win32;
    this.#files = new Map(files.map((file) => [file.name, file.content]));
    this.#names = new Map(files.map(({ name }) => [join(configDirectory, name), name]));
    if (this.#files.size !== files.length) this.#faults.add('two files have the same name');
  }

  get faults(): readonly string[] {
    return [...this.#faults];
  }

  add(fault: string): void {
    this.#faults.add(fault);
  }

  addOfConf(reason: string): void {
    this.#faults.add(`${fileNames.conf}: ${reason}`);
  }

  addLines(name: string, faults: readonly Fault[]): void {
    for (const fault of faults) this.#faults.add(`${name}: line ${fault.line}: ${fault.reason}`);
  }

  content(name: string): Uint8Array | undefined {
    return this.#files.get(name);
  }

  /** The name of the file that an option points to. */
  referenced(options: readonly ConfOption[], keyword: string): string | undefined {
    const name = this.peek(options, keyword);
    if (name === undefined && optionValue(options, keyword) !== undefined)
      this.addOfConf(`${keyword} names a file that is not part of the push`);
    return name;
  }

  /** As `referenced`, where the file may be somebody else's. */
  peek(options: readonly ConfOption[], keyword: string): string | undefined {
    const path = optionValue(options, keyword);
    return path === undefined ? undefined : this.#names.get(path);
  }

  text(name: string): string | undefined {
    const content = this.#files.get(name);
    if (content === undefined) {
      this.#faults.add(`${name}: is missing`);
      return undefined;
    }
    // Mostly so, and many megabytes of it are read faster then.
    if (isAscii(content)) return viewOf(content).toString('latin1');
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
      this.#faults.add(`${name}: is not UTF-8`);
      return undefined;
    }
  }

  /** What `read` makes of a file's text; where it throws, `otherwise` is what is wrong with the file. */
  async attempt<T>(name: string, otherwise: string, read: (text: string) => T | Promise<T>): Promise<T | undefined> {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return await read(text);
    } catch {
      this.#faults.add(`${name}: ${otherwise}`);
      return undefined;
    }
  }
}

// A configuration directory that changes as a whole, and remembers what it was before.
//   live/      what the broker reads
//   previous/  what it read before the last change
//   older/     the one before that, only while a change is not yet kept or undone
//   staged/    a set being written; never read
// Each step is one rename, so after a crash between two of them `recover` finds a whole set again. That is done once,
// before anything else; from then on nobody reads while directories move.

import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerFile, BrokerFiles } from '../../../shared/model/broker-files.ts';
import {
  makePrivateDirectory,
  privateDirectoryMode,
  syncDirectory,
  writeFileAtomically,
} from '../../platform/files.ts';
import { Mutex } from '../../platform/mutex.ts';
import { isSecretFile } from '../file-names.ts';

/** A change that has happened and can still be taken back. */
export type GenerationChange = { keep(): Promise<void>; undo(): Promise<void> };

export class Generations {
  readonly #root: string;
  readonly #moving = new Mutex();
  #isRecovered = false;

  constructor(root: string) {
    this.#root = root;
  }

  get liveDirectory(): string {
    return this.#path('live');
  }

  /** The set in force, or undefined. */
  read(): Promise<BrokerFiles | undefined> {
    return this.#alone(async () => ((await this.#has('live')) ? readFiles(this.liveDirectory) : undefined));
  }

  /** Puts a set in force. */
  async replace(files: BrokerFiles): Promise<GenerationChange> {
    const hadLive = await this.#alone(async () => {
      await makePrivateDirectory(this.#root);
      await this.#remove('staged');
      await mkdir(this.#path('staged'), { mode: privateDirectoryMode });
      for (const file of files) await writeFileAtomically(this.#path('staged', file.name), file.content, file.mode);
      await this.#move('previous', 'older');
      const moved = await this.#move('live', 'previous');
      await this.#move('staged', 'live');
      await syncDirectory(this.#root);
      return moved;
    });
    return {
      keep: () => this.#alone(() => this.#remove('older')),
      undo: () =>
        this.#alone(async () => {
          await this.#remove('live');
          if (hadLive) await this.#move('previous', 'live');
          await this.#move('older', 'previous');
        }),
    };
  }

  /** Puts the previous set back in force. False when there was none: then nothing is in force. */
  goBack(): Promise<boolean> {
    return this.#alone(async () => {
      await this.#remove('live');
      return this.#move('previous', 'live');
    });
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#moving.run(async () => {
      if (!this.#isRecovered) await this.#recover();
      this.#isRecovered = true;
      return work();
    });
  }

  async #recover(): Promise<void> {
    if (!(await this.#has('live'))) await this.#move('previous', 'live');
    if (await this.#has('previous')) await this.#remove('older');
    else await this.#move('older', 'previous');
    await this.#remove('staged');
  }

  #path(...names: string[]): string {
    return join(this.#root, ...names);
  }

  async #has(name: string): Promise<boolean> {
    return access(this.#path(name)).then(
      () => true,
      () => false,
    );
  }

  async #remove(name: string): Promise<void> {
    await rm(this.#path(name), { recursive: true, force: true });
  }

  /** False when there was nothing to move. */
  async #move(from: string, to: string): Promise<boolean> {
    if (!(await this.#has(from))) return false;
    await this.#remove(to);
    await rename(this.#path(from), this.#path(to));
    return true;
  }
}

async function readFiles(directory: string): Promise<BrokerFile[]> {
  const names = (await readdir(directory)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
      return { name, content, mode: mode & 0o777, secret: isSecretFile(name) };
    }),
  );
}

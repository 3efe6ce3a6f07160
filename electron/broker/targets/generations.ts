// A configuration directory that changes as a whole, and remembers what it was before.
//   live/              what the broker reads
//   push/              only while a push is under way: made as one step, so there is one push at a time
//     mark.json        whose push it is and how far it has come
//     staged/          the next set; never read by the broker
//     previous/        what was live before the swap; an empty directory when there was nothing
//   generations/ID/    older sets
// Each set carries `.set.json`: which push wrote it, and the hashes it was written with. A set moves by one rename.
// Where `previous/` is decides what was done, so undoing can begin again wherever it was cut off.

import { access, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type BrokerFile,
  type BrokerFiles,
  type Generation,
  type PushMark,
  pushProgress,
} from '../../../shared/model/broker-files.ts';
import { ConsoleError, type ErrorCode } from '../../../shared/model/errors.ts';
import { digestsByName } from '../../platform/digest.ts';
import {
  makePrivateDirectory,
  privateDirectoryMode,
  syncDirectory,
  writeFileAtomically,
} from '../../platform/files.ts';
import { Mutex } from '../../platform/mutex.ts';
import { isSecretFile } from '../file-names.ts';

const setFile = '.set.json';
const keptGenerations = 5;

const markSchema = z.object({
  pushId: z.string(),
  startedBy: z.string(),
  startedAt: z.string(),
  step: z.enum(pushProgress),
  wasRunning: z.boolean(),
});
/** The mark, and whether the broker ran when the push began: an undone push leaves it as it was. */
export type ProcessPushMark = PushMark & { readonly wasRunning: boolean };

const setSchema = z.object({
  generationId: z.string(),
  writtenAt: z.string(),
  hashes: z.record(z.string(), z.string()),
});
type SetInfo = z.infer<typeof setSchema>;

export class Generations {
  readonly #root: string;
  readonly #moving = new Mutex();

  constructor(root: string) {
    this.#root = root;
  }

  get liveDirectory(): string {
    return this.#path('live');
  }

  /** The set in force, or undefined. */
  read(): Promise<BrokerFiles | undefined> {
    return this.#moving.run(async () => ((await this.#has('live')) ? readFiles(this.liveDirectory) : undefined));
  }

  /** The push that is under way. */
  mark(): Promise<ProcessPushMark | undefined> {
    return this.#moving.run(() => this.#mark());
  }

  /** Begins a push. Throws `broker/push-in-progress`. */
  open(mark: ProcessPushMark): Promise<void> {
    return this.#write(async () => {
      await makePrivateDirectory(this.#root);
      try {
        await mkdir(this.#path('push'), { mode: privateDirectoryMode });
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
        const { pushId, startedBy, startedAt } = (await this.#mark()) ?? unreadableMark;
        throw new ConsoleError('broker/push-in-progress', {
          because: `started by ${startedBy}, ${startedAt}`,
          details: { pushId, startedBy, startedAt },
          cause: error,
        });
      }
      try {
        await this.#writeMark(mark);
      } catch (error) {
        // Nobody could tell whose it is.
        await this.#remove('push');
        throw error;
      }
    });
  }

  note(step: PushMark['step']): Promise<void> {
    return this.#write(() => this.#note(step));
  }

  /** Writes the next set and reads it back. */
  stage(files: BrokerFiles): Promise<void> {
    return this.#write(async () => {
      const mark = await this.#mark();
      if (mark === undefined) throw new ConsoleError('broker/no-such-push');
      const { pushId, startedAt } = mark;
      await this.#remove('push', 'staged');
      await mkdir(this.#path('push', 'staged'), { mode: privateDirectoryMode });
      for (const { name, content, mode } of files)
        await writeFileAtomically(this.#path('push', 'staged', name), content, mode);
      const info: SetInfo = { generationId: pushId, writtenAt: startedAt, hashes: await digestsByName(files) };
      await writeFileAtomically(this.#path('push', 'staged', setFile), JSON.stringify(info));
      await verify(this.#path('push', 'staged'));
      await this.#note('staged');
    });
  }

  /** Makes the staged set the live one. Throws `broker/hash-mismatch` before anything is moved. */
  swap(): Promise<void> {
    return this.#write(async () => {
      await verify(this.#path('push', 'staged'));
      if (await this.#has('live')) await rename(this.#path('live'), this.#path('push', 'previous'));
      else await mkdir(this.#path('push', 'previous'), { mode: privateDirectoryMode });
      await rename(this.#path('push', 'staged'), this.#path('live'));
      await syncDirectory(this.#root);
      await this.#note('swapped');
    });
  }

  /** The live set stays, the one before becomes a generation to go back to when it was another, and the push is over. */
  keep(): Promise<void> {
    return this.#write(async () => {
      const previous = this.#path('push', 'previous');
      const info = await readSetInfo(previous);
      const live = await readSetInfo(this.#path('live'));
      if (info !== undefined && JSON.stringify(info.hashes) !== JSON.stringify(live?.hashes)) {
        await makePrivateDirectory(this.#path('generations'));
        await this.#remove('generations', info.generationId);
        await rename(previous, this.#path('generations', info.generationId));
      }
      await this.#remove('push');
      for (const { generationId } of (await this.#generations()).slice(keptGenerations))
        await this.#remove('generations', generationId);
    });
  }

  /**
   * Puts the set before the swap back; the push stays open. Answers with the set that was live and is no more,
   * also when it was taken away by an earlier call; undefined when the swap never happened.
   */
  restore(): Promise<BrokerFiles | undefined> {
    return this.#moving.run(async () => {
      if (await this.#has('push', 'previous')) {
        if (await this.#has('live')) await rename(this.#path('live'), this.#path('push', 'rejected'));
        const wasFirst = (await readdir(this.#path('push', 'previous'))).length === 0;
        if (wasFirst) await this.#remove('push', 'previous');
        else await rename(this.#path('push', 'previous'), this.#path('live'));
        await syncDirectory(this.#root);
      }
      return (await this.#has('push', 'rejected')) ? readFiles(this.#path('push', 'rejected')) : undefined;
    });
  }

  /** Forgets the push. */
  release(): Promise<void> {
    return this.#moving.run(() => this.#remove('push'));
  }

  /** The newest first. */
  list(): Promise<readonly Generation[]> {
    return this.#moving.run(() => this.#generations());
  }

  /** Throws `broker/no-such-generation`. */
  readGeneration(generationId: string): Promise<BrokerFiles> {
    return this.#moving.run(async () => {
      const known = (await this.#generations()).find((generation) => generation.generationId === generationId);
      if (known === undefined) throw new ConsoleError('broker/no-such-generation', { details: { generationId } });
      return readFiles(this.#path('generations', known.generationId));
    });
  }

  /** Throws `broker/disk-full`, `broker/not-writable` for what the file system refuses. */
  async #write(work: () => Promise<void>): Promise<void> {
    try {
      await this.#moving.run(work);
    } catch (error) {
      const code = refusals[errnoOf(error) ?? ''];
      throw code === undefined ? error : new ConsoleError(code, { details: { directory: this.#root }, cause: error });
    }
  }

  async #generations(): Promise<Generation[]> {
    if (!(await this.#has('generations'))) return [];
    const names = await readdir(this.#path('generations'));
    const infos = await Promise.all(names.map((name) => readSetInfo(this.#path('generations', name))));
    return infos
      .flatMap((info) => (info === undefined ? [] : [{ generationId: info.generationId, writtenAt: info.writtenAt }]))
      .sort((a, b) => (a.writtenAt < b.writtenAt ? 1 : -1));
  }

  async #mark(): Promise<ProcessPushMark | undefined> {
    if (!(await this.#has('push'))) return undefined;
    const parsed = markSchema.safeParse(await readJson(this.#path('push', 'mark.json')));
    return parsed.success ? parsed.data : unreadableMark;
  }

  async #note(step: PushMark['step']): Promise<void> {
    const mark = await this.#mark();
    if (mark !== undefined) await this.#writeMark({ ...mark, step });
  }

  async #writeMark(mark: ProcessPushMark): Promise<void> {
    await writeFileAtomically(this.#path('push', 'mark.json'), JSON.stringify(mark));
  }

  #path(...names: string[]): string {
    return join(this.#root, ...names);
  }

  async #has(...names: string[]): Promise<boolean> {
    return access(this.#path(...names)).then(
      () => true,
      () => false,
    );
  }

  async #remove(...names: string[]): Promise<void> {
    await rm(this.#path(...names), { recursive: true, force: true });
  }
}

/** Stands for a push whose console died before it could sign it. */
const unreadableMark: ProcessPushMark = {
  pushId: 'unknown',
  startedBy: 'unknown',
  startedAt: new Date(0).toISOString(),
  step: 'opened',
  wasRunning: false,
};

const refusals: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'broker/disk-full',
  EDQUOT: 'broker/disk-full',
  EACCES: 'broker/not-writable',
  EPERM: 'broker/not-writable',
  EROFS: 'broker/not-writable',
};

function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

async function readSetInfo(directory: string): Promise<SetInfo | undefined> {
  return setSchema.safeParse(await readJson(join(directory, setFile))).data;
}

/** Undefined for what is missing or damaged: what cannot be read must not keep a push from being undone. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Throws `broker/hash-mismatch` unless the set holds what was written, and nothing else. */
async function verify(directory: string): Promise<void> {
  const hashes = (await readSetInfo(directory))?.hashes ?? {};
  const files = await readFiles(directory);
  const found = await digestsByName(files);
  const wrong = Object.keys(found).filter((name) => hashes[name] !== found[name]);
  const missing = Object.keys(hashes).filter((name) => !files.some((file) => file.name === name));
  if (files.length > 0 && wrong.length === 0 && missing.length === 0) return;
  throw new ConsoleError('broker/hash-mismatch', { details: { files: [...wrong, ...missing] } });
}

async function readFiles(directory: string): Promise<BrokerFile[]> {
  const names = (await readdir(directory)).filter((name) => name !== setFile).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
      return { name, content, mode: mode & 0o777, secret: isSecretFile(name) };
    }),
  );
}

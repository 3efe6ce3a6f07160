// A file that is read again when it changes, however it was changed: written over, replaced by a rename, or led elsewhere
// by a link, as editors, mounts of containers and Kubernetes do. The folder's events tell at once; a look now and then
// covers file systems that have no events.

import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Mutex } from '../../platform/mutex.ts';

const lookMs = 1_000;

export class WatchedFile {
  readonly path: string;
  readonly #turn = new Mutex();
  #digest = '';
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The content now. Throws what the file system throws. */
  async read(): Promise<string> {
    const content = await readFile(this.path, 'utf8');
    this.#digest = digestOf(content);
    return content;
  }

  /** `onChange` hears the new content, or why it cannot be read; the same thing only once. */
  watch(onChange: (content: string | Error) => void): void {
    const look = () => void this.#turn.run(() => this.#look(onChange));
    this.#watcher = watch(dirname(this.path), look);
    // Without events, the looks remain.
    this.#watcher.on('error', () => this.#watcher?.close());
    this.#timer = setInterval(look, lookMs);
  }

  close(): void {
    this.#watcher?.close();
    clearInterval(this.#timer);
  }

  async #look(onChange: (content: string | Error) => void): Promise<void> {
    const content = await readFile(this.path, 'utf8').catch((error: unknown) =>
      error instanceof Error ? error : new Error('it cannot be read'),
    );
    const digest = digestOf(content instanceof Error ? content.message : content);
    if (digest === this.#digest) return;
    this.#digest = digest;
    onChange(content);
  }
}

const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex');

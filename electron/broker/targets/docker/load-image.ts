import { open } from 'node:fs/promises';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import type { DockerEngine } from './engine.ts';
import { readToEnd } from './streams.ts';

/** A stick and an engine on an old laptop take their time. */
const loadTimeoutMs = 10 * 60_000;

/**
 * Brings the images of a tar file, as `docker save` writes it, onto the engine. Answers their names.
 * Throws `broker/image-unreadable` when the file cannot be read or holds none, `broker/engine-*`.
 */
export async function loadImage(engine: DockerEngine, path: string): Promise<string[]> {
  const file = await open(path).catch((error: unknown) => {
    throw new ConsoleError('broker/image-unreadable', { cause: error });
  });
  try {
    const progress = await engine.call(
      async (docker) => readToEnd(await docker.loadImage(file.createReadStream(), { quiet: true })),
      { timeoutMs: loadTimeoutMs },
    );
    const names = loadedNames(progress.toString('utf8'));
    if (names.length === 0) throw new ConsoleError('broker/image-unreadable');
    return names;
  } finally {
    await file.close();
  }
}

/** The engine answers one JSON object a line; the names stand in sentences. */
const loadedNames = (progress: string): string[] =>
  [...progress.matchAll(/Loaded image(?: ID)?: ([^\\"\s]+)/g)].map(([, name = '']) => name);

// Ends a server that a test started together with everything that came of it, as a power cut does. Linux only.

import { readdir, readFile } from 'node:fs/promises';

type Process = { readonly id: number; readonly parent: number };

/** Everything that runs now, without those that have ended and are only waiting to be noticed. */
async function running(): Promise<Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => ') Z 0');
      const [state = 'Z', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { id, parent: Number(parent), state };
    }),
  );
  return all.filter(({ state }) => state !== 'Z');
}

/** Kills `root` and its descendants, and waits until they are gone. */
export async function killTree(root: number): Promise<void> {
  const parentOf = new Map((await running()).map(({ id, parent }) => [id, parent]));
  const belongs = (id: number): boolean => id === root || (id > 1 && belongs(parentOf.get(id) ?? 0));
  const tree = new Set([...parentOf.keys()].filter(belongs));
  for (const id of tree) kill(id);
  while ((await running()).some(({ id }) => tree.has(id))) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** One that has ended by itself meanwhile is dead as well. */
function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

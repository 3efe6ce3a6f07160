// Whether a program can load a shared library, as far as their files tell: both must be for the same machine and the
// same C library. A Mosquitto that cannot load a plugin does not start, so this is asked before it is told to.

import { readFile } from 'node:fs/promises';

const elfMagic = '\x7fELF';
/** Class and byte order, and the machine: elf(5), `e_ident` and `e_machine`. */
const kindParts = [
  [4, 6],
  [18, 20],
] as const;

/** True as well where the program is no ELF file, as on Windows and macOS: there nothing is known. */
export async function canLoad(program: string, library: string): Promise<boolean> {
  const [loader, loaded] = await Promise.all([program, library].map(readKind));
  return loader === undefined || loader === loaded;
}

/** Two ELF files of one kind have the same; undefined for anything else. */
async function readKind(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'latin1');
  if (!text.startsWith(elfMagic)) return undefined;
  // musl's loader and library bear its name; those of glibc have none to tell them by.
  const library = /musl-[a-z0-9_]*\.so/.test(text) ? 'musl' : 'glibc';
  return [...kindParts.map(([start, end]) => text.slice(start, end)), library].join('/');
}

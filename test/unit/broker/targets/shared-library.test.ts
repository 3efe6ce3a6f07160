import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canLoad } from '../../../../electron/broker/targets/shared-library.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'voke-library-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const machines = { x86_64: 0x3e, aarch64: 0xb7 };

/** The beginning of an ELF file of 64 bits, little-endian, and some of what stands in it. */
async function elf(name: string, machine: keyof typeof machines, text = 'libc.so.6'): Promise<string> {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(machines[machine], 18);
  const path = join(directory, name);
  await writeFile(path, Buffer.concat([header, Buffer.from(text)]));
  return path;
}

it('takes a library for the same machine and C library, and no other', async () => {
  const program = await elf('mosquitto', 'aarch64');
  expect(await canLoad(program, await elf('same.so', 'aarch64'))).toBe(true);
  expect(await canLoad(program, await elf('other.so', 'x86_64'))).toBe(false);
  const onAlpine = await elf('alpine', 'x86_64', '/lib/ld-musl-x86_64.so.1');
  expect(await canLoad(onAlpine, await elf('glibc.so', 'x86_64'))).toBe(false);
  expect(await canLoad(onAlpine, await elf('musl.so', 'x86_64', 'libc.musl-x86_64.so.1'))).toBe(true);
});

it('takes no text for a library, and leaves other systems to themselves', async () => {
  const text = join(directory, 'plugin.so');
  await writeFile(text, 'not found');
  expect(await canLoad(await elf('mosquitto', 'x86_64'), text)).toBe(false);
  expect(await canLoad(text, await elf('any.so', 'x86_64'))).toBe(true);
});

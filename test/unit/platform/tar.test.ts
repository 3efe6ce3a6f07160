import { unpackTar } from 'modern-tar';
import { expect, it } from 'vitest';
import { packFiles } from '../../../electron/platform/tar.ts';

const bytesOf = async (...input: Parameters<typeof packFiles>) => await (await packFiles(...input)).arrayBuffer();
const at = new Date('2026-11-21T11:00:00Z');

it('packs files with their directories, their modes and their bytes', async () => {
  const packed = await bytesOf(
    [
      { name: 'certs/ca/ca.crt', content: 'Č', mode: 0o644 },
      { name: 'certs/ca/ca.key', content: Uint8Array.of(0, 255) },
      { name: 'certs/empty', content: '' },
    ],
    at,
  );
  const entries = await unpackTar(packed);
  expect(entries.map(({ header }) => [header.name, header.mode, header.mtime?.getTime()])).toEqual(
    [
      ['certs/', 0o700],
      ['certs/ca/', 0o700],
      ['certs/ca/ca.crt', 0o644],
      ['certs/ca/ca.key', 0o600],
      ['certs/empty', 0o600],
    ].map((entry) => [...entry, at.getTime()]),
  );
  const contents = entries.slice(2).map(({ data }) => [...(data ?? [])]);
  expect(contents).toEqual([[0xc4, 0x8c], [0, 255], []]);
});

it('packs thousands, and more than a buffer holds', async () => {
  const files = Array.from({ length: 3000 }, (_, index) => ({
    name: `devices/${index}/device.crt`,
    content: `${index} `.repeat(1000),
  }));
  const entries = await unpackTar(await bytesOf(files, at));
  const unpacked = entries.filter(({ header }) => header.type === 'file');
  expect(unpacked.map(({ header, data }) => ({ name: header.name, content: new TextDecoder().decode(data) }))).toEqual(
    files,
  );
});

it('packs what a generator makes, one after the other, and breaks off with it', async () => {
  function* files(count: number) {
    for (let index = 0; index < count; index += 1) yield { name: `${index}.txt`, content: `${index}` };
    if (count > 2) throw new Error('no more of them');
  }
  const entries = await unpackTar(await bytesOf(files(2), at));
  expect(entries.map(({ header }) => header.name)).toEqual(['0.txt', '1.txt']);
  await expect(packFiles(files(3), at)).rejects.toThrow('no more of them');
});

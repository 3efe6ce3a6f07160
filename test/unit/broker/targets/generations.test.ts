import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Generations } from '../../../../electron/broker/targets/generations.ts';

const set = (content: string) => [{ name: 'acl', content: Buffer.from(content), mode: 0o600, secret: false }];

let root: string;
let generations: Generations;
let count = 0;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'voke-generations-'));
  generations = new Generations(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const path = (...names: string[]) => join(root, ...names);
const text = (files: readonly { content: Uint8Array }[] | undefined) =>
  files?.map(({ content }) => Buffer.from(content).toString()).join();
const inForce = async () => text(await generations.read());

async function open(pushId: string) {
  count += 1;
  const startedAt = new Date(count * 1000).toISOString();
  await generations.open({ pushId, startedBy: 'a test', startedAt, step: 'opened', wasRunning: true });
}

async function swapIn(content: string) {
  await open(`push-${content}`);
  await generations.stage(set(content));
  await generations.swap();
}

async function push(content: string) {
  await swapIn(content);
  await generations.keep();
}

async function undo() {
  const rejected = await generations.restore();
  await generations.release();
  return text(rejected);
}

describe('Generations', () => {
  it('has nothing at first', async () => {
    expect(await generations.read()).toBeUndefined();
    expect(await generations.mark()).toBeUndefined();
    expect(await generations.list()).toEqual([]);
  });

  it('keeps the last five sets that were replaced, each under the push that wrote it', async () => {
    for (const content of ['one', 'two', 'three', 'four', 'five', 'six', 'seven']) await push(content);
    expect((await generations.list()).map(({ generationId }) => generationId)).toEqual(
      ['six', 'five', 'four', 'three', 'two'].map((content) => `push-${content}`),
    );
    expect(text(await generations.readGeneration('push-three'))).toBe('three');
    await expect(generations.readGeneration('push-one')).rejects.toMatchObject({ code: 'broker/no-such-generation' });
    await expect(generations.readGeneration('../live')).rejects.toMatchObject({ code: 'broker/no-such-generation' });
  });

  it('keeps no generation that equals the live one', async () => {
    await push('one');
    await push('one');
    expect(await generations.list()).toEqual([]);
  });

  it('undoes a change, also one that replaced nothing, and says what it took away', async () => {
    await swapIn('one');
    expect(await undo()).toBe('one');
    expect(await inForce()).toBeUndefined();
    await push('two');
    await swapIn('three');
    expect(await undo()).toBe('three');
    expect(await inForce()).toBe('two');
    expect((await readdir(root)).sort()).toEqual(['live']);
  });

  it('undoes a push that never swapped', async () => {
    await push('one');
    await open('two');
    await generations.stage(set('two'));
    expect(await undo()).toBeUndefined();
    expect(await inForce()).toBe('one');
  });

  it('undoes wherever a swap was cut off', async () => {
    await push('one');
    await open('two');
    await generations.stage(set('two'));
    await rename(path('live'), path('push', 'previous'));
    generations = new Generations(root);
    expect(await generations.mark()).toMatchObject({ pushId: 'two', step: 'staged' });
    expect(await undo()).toBeUndefined();
    expect(await inForce()).toBe('one');
  });

  it('undoes again where undoing was cut off', async () => {
    await push('one');
    await swapIn('two');
    await rename(path('live'), path('push', 'rejected'));
    generations = new Generations(root);
    await generations.restore();
    expect(await undo()).toBe('two');
    expect(await inForce()).toBe('one');
  });

  it('lets one push in at a time, and names it', async () => {
    await open('one');
    await expect(open('two')).rejects.toMatchObject({
      code: 'broker/push-in-progress',
      details: { pushId: 'one', startedBy: 'a test' },
    });
    await generations.release();
    await open('two');
  });

  it('says so when a push has not even been signed', async () => {
    await mkdir(path('push'));
    expect(await generations.mark()).toMatchObject({ pushId: 'unknown', step: 'opened' });
    await expect(open('two')).rejects.toMatchObject({ code: 'broker/push-in-progress' });
  });

  it('undoes by word of the operator although its own notes are damaged', async () => {
    await push('one');
    await swapIn('two');
    await writeFile(path('push', 'mark.json'), '{"pushId":');
    await writeFile(path('live', '.set.json'), '');
    expect(await generations.mark()).toMatchObject({ pushId: 'unknown' });
    await expect(open('three')).rejects.toMatchObject({ code: 'broker/push-in-progress' });
    expect(await undo()).toBe('two');
    expect(await inForce()).toBe('one');
  });

  it('swaps nothing in when the hashes of the staged files are damaged', async () => {
    await push('one');
    await open('two');
    await generations.stage(set('two'));
    await writeFile(path('push', 'staged', '.set.json'), '{"hashes":');
    await expect(generations.swap()).rejects.toMatchObject({ code: 'broker/hash-mismatch' });
    expect(await inForce()).toBe('one');
  });

  it.each([
    ['changed', (file: string) => writeFile(file, 'other')],
    ['emptied', (file: string) => writeFile(file, '')],
    ['removed', (file: string) => rm(file)],
    ['joined by another', (file: string) => writeFile(`${file}-2`, 'other')],
  ])('swaps nothing in when a staged file was %s', async (_how, damage) => {
    await push('one');
    await open('two');
    await generations.stage(set('two'));
    await damage(path('push', 'staged', 'acl'));
    await expect(generations.swap()).rejects.toMatchObject({ code: 'broker/hash-mismatch' });
    expect(await inForce()).toBe('one');
    await undo();
    expect(await inForce()).toBe('one');
  });
});

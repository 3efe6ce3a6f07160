import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Generations } from '../../../../electron/broker/targets/generations.ts';

const set = (content: string) => [{ name: 'acl', content: Buffer.from(content), mode: 0o600, secret: false }];

let root: string;
let generations: Generations;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'voke-generations-'));
  generations = new Generations(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const inForce = async () => (await generations.read())?.map(({ content }) => Buffer.from(content).toString()).join();
const push = async (content: string) => (await generations.replace(set(content))).keep();

describe('Generations', () => {
  it('has nothing at first', async () => {
    expect(await generations.read()).toBeUndefined();
    expect(await generations.goBack()).toBe(false);
  });

  it('goes back one generation, and no further', async () => {
    await push('one');
    await push('two');
    await push('three');
    expect(await generations.goBack()).toBe(true);
    expect(await inForce()).toBe('two');
    expect(await generations.goBack()).toBe(false);
    expect(await generations.read()).toBeUndefined();
  });

  it('undoes a change, and still knows the generation before', async () => {
    await push('one');
    await push('two');
    const change = await generations.replace(set('three'));
    expect(await inForce()).toBe('three');
    await change.undo();
    expect(await inForce()).toBe('two');
    await generations.goBack();
    expect(await inForce()).toBe('one');
  });

  it('undoes the first change', async () => {
    await (await generations.replace(set('one'))).undo();
    expect(await generations.read()).toBeUndefined();
  });

  it('finds a whole set again wherever a change was cut off', async () => {
    const path = (name: string) => join(root, name);
    await push('one');
    await push('two');
    await rename(path('previous'), path('older'));
    generations = new Generations(root);
    expect(await inForce()).toBe('two');
    expect(await generations.goBack()).toBe(true);
    expect(await inForce()).toBe('one');

    await push('two');
    await rename(path('previous'), path('older'));
    await rename(path('live'), path('previous'));
    generations = new Generations(root);
    expect(await inForce()).toBe('two');
    expect(await generations.goBack()).toBe(true);
    expect(await inForce()).toBe('one');
  });

  it('leaves nothing else behind', async () => {
    await push('one');
    await push('two');
    expect((await readdir(root)).sort()).toEqual(['live', 'previous']);
  });
});

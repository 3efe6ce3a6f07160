// The directions of the house are a rule only if breaking one is seen: each case is a file that breaks it, in a small
// copy of the house, judged by the project's own configuration.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const projectRoot = join(import.meta.dirname, '../..');
const cruiser = join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');

/** What there is to import; each exports a type and a value. */
const targets = [
  'shared/model/plant.ts',
  'electron/platform/clock.ts',
  'electron/remote/session.ts',
  'electron/vault/rows.ts',
  'electron/policy/rules.ts',
  'electron/operations/provision.ts',
  'electron/core/session.ts',
  'electron/host-loopback/server.ts',
  'renderer/app/shell.ts',
  'test/support/helper.ts',
  'node_modules/electron/index.js',
  'node_modules/zod/index.js',
];

type Case = { readonly from: string; readonly to: string; readonly broken: string | undefined };
const breaks = (from: string, to: string, broken: string): Case => ({ from, to, broken });
const allowed = (from: string, to: string): Case => ({ from, to, broken: undefined });

const cases: readonly Case[] = [
  ...['authority', 'credentials', 'broker', 'device', 'remote', 'monitor', 'policy'].map((room) =>
    breaks(`electron/${room}`, '../vault/rows.ts', `room-${room}`),
  ),
  breaks('electron/monitor', '../remote/session.ts', 'room-monitor'),
  breaks('electron/monitor', '../operations/provision.ts', 'room-monitor'),
  breaks('electron/vault', '../policy/rules.ts', 'room-vault'),
  breaks('electron/practice', '../policy/rules.ts', 'room-practice'),
  breaks('electron/platform', '../vault/rows.ts', 'platform-is-the-ground'),
  breaks('electron/operations', '../core/session.ts', 'operations-below-core'),
  breaks('electron/core', '../host-loopback/server.ts', 'core-below-hosts'),
  breaks('electron/host-desktop', '../vault/rows.ts', 'hosts-speak-to-core-only'),
  breaks('shared/model', '../../electron/platform/clock.ts', 'shared-is-pure'),
  breaks('shared/model', 'node:crypto', 'shared-is-pure'),
  breaks('renderer/features', '../../electron/core/session.ts', 'renderer-sees-shared-only'),
  breaks('renderer/features', 'node:fs', 'renderer-has-no-node'),
  breaks('electron/core', 'electron', 'electron-only-in-the-desktop-host'),
  breaks('electron/core', 'electron/renderer', 'electron-only-in-the-desktop-host'),
  breaks('electron/broker', './missing.ts', 'no-unresolved'),
  allowed('electron/broker', '../remote/session.ts'),
  allowed('electron/device', '../remote/session.ts'),
  allowed('electron/monitor', '../platform/clock.ts'),
  allowed('electron/monitor', '../../shared/model/plant.ts'),
  allowed('electron/operations', '../vault/rows.ts'),
  allowed('electron/core', '../operations/provision.ts'),
  allowed('electron/host-desktop', '../core/session.ts'),
  allowed('electron/host-desktop', 'electron'),
  allowed('electron/host-desktop', 'electron/main'),
  allowed('shared/model', 'zod'),
  allowed('renderer/features', '../../shared/model/plant.ts'),
];

/** Every way to reach into another file, but for an import inside a type: Biome refuses that one. */
const forms: Readonly<Record<string, (to: string) => string>> = {
  value: (to) => `import { value } from '${to}';\nexport const own = value;\n`,
  type: (to) => `import type { Type } from '${to}';\nexport type Own = Type;\n`,
  inline: (to) => `import { type Type, value } from '${to}';\nexport const own: Type = value;\n`,
  reexport: (to) => `export type { Type } from '${to}';\n`,
  dynamic: (to) => `export const own = () => import('${to}');\n`,
};

const report = z.object({
  summary: z.object({
    environmentIssues: z.array(z.unknown()).optional(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let house: string;
let violations: ReadonlyMap<string, readonly string[]>;

const fileOf = ({ from }: Case, at: number, form: string) => `${from}/case-${at}-${form}.ts`;

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, path)), { recursive: true });
  await writeFile(join(house, path), text);
}

/** What a linter prints about the house. Its exit status says that it found something, which it should. */
const run = (program: string, ...args: string[]) =>
  new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    const options = { cwd: house, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      stdout === '' && stderr === '' ? reject(error) : resolve({ stdout, stderr }),
    );
  });

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'voke-house-'));
  await cp(join(projectRoot, '.dependency-cruiser.mjs'), join(house, '.dependency-cruiser.mjs'));
  await put('package.json', '{ "type": "module", "dependencies": { "zod": "1.0.0", "electron": "1.0.0" } }');
  for (const name of ['zod', 'electron']) {
    await put(`node_modules/${name}/package.json`, `{ "name": "${name}", "version": "1.0.0", "main": "index.js" }`);
  }
  for (const path of targets) await put(path, 'export const value = 1;\n');
  for (const [at, one] of cases.entries()) {
    for (const [form, text] of Object.entries(forms)) await put(fileOf(one, at, form), text(one.to));
  }
  const { stdout } = await run(
    cruiser,
    ...['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'electron', 'shared', 'renderer'],
  );
  const found = new Map<string, string[]>();
  const { summary } = report.parse(JSON.parse(stdout));
  expect(summary.environmentIssues ?? []).toEqual([]);
  for (const { from, rule } of summary.violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
  violations = found;
});

afterAll(() => rm(house, { recursive: true, force: true }));

const titled = cases.map((one, at) => ({ ...one, at, verdict: one.broken ?? 'allowed' }));

test.each(titled)('$from importing $to: $verdict', ({ at, ...one }) => {
  for (const form of Object.keys(forms)) {
    const rules = violations.get(fileOf(one, at, form)) ?? [];
    expect({ form, rules }).toEqual({ form, rules: one.broken === undefined ? [] : [one.broken] });
  }
});

test('Biome refuses an import inside a type', async () => {
  const insideTypes = [
    "export type Own = import('../vault/rows.ts').Type;",
    "export type Own = typeof import('../vault/rows.ts');",
    "export const own = (value: import('../vault/rows.ts').Type) => value;",
  ];
  for (const name of ['biome.json', '.biome', '.gitignore']) {
    await cp(join(projectRoot, name), join(house, name), { recursive: true });
  }
  for (const [at, text] of insideTypes.entries()) await put(`inside-a-type/${at}.ts`, `${text}\n`);
  const { stdout, stderr } = await run(biome, 'lint', 'inside-a-type');
  const answer = stdout + stderr;
  for (const at of insideTypes.keys()) expect(answer).toMatch(new RegExp(`inside-a-type/${at}.ts\\S* plugin`));
});

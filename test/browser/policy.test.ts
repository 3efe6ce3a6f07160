// The workbench of rules: what is edited, tried and compared there is what the console would decide by.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

const decision = (page: Page) => page.getByRole('status', { name: 'Decision' });
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

async function startWithExample(page: Page, url: string): Promise<void> {
  await createVault(page, url);
  await openScreen(page, 'Policy');
  await page.getByRole('button', { name: 'Start with an example' }).click();
}

async function ask(page: Page, group: string, action: string, topic: string): Promise<void> {
  await tab(page, 'Try it');
  await page.getByRole('combobox', { name: 'Groups' }).fill(group);
  await page.keyboard.press('Enter');
  await page.getByText(action, { exact: true }).click();
  await page.getByLabel(/^Topic/).fill(topic);
}

async function saveAndActivate(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByLabel('What is it for?').fill(note);
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Put in force…' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await expect(
    page
      .getByRole('banner')
      .or(page.getByText(/, in force$/))
      .last(),
  ).toBeVisible();
}

test('an edited rule changes a decision, and what is in force stays until it is said', async ({
  page,
  console,
  complaints: _,
}) => {
  await startWithExample(page, console.url);
  await saveAndActivate(page, 'as delivered');
  await ask(page, 'viewers', 'Read', 'celine/system/alerts/critical');
  await expect(decision(page)).toContainText('Denied');
  await expect(decision(page)).toContainText('by rule 5');
  const sayings = page.getByRole('list', { name: 'Rules that have a say' });
  await expect(sayings).toContainText('Without it: allowed by rule 3');

  await sayings.getByRole('link', { name: 'Rule 5' }).click();
  const editor = page.getByRole('dialog', { name: 'Rule 5 of 5' });
  await editor.getByRole('button', { name: 'What changes without it?' }).click();
  const without = page.getByRole('dialog', { name: 'Without rule 5' });
  await expect(without.getByRole('row', { name: /Users in viewers Read/ })).toContainText('Allowed');
  await without.getByText('Close', { exact: true }).click();
  await editor.getByText('Allow', { exact: true }).click();
  await editor.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Version 1, changed and not saved')).toBeVisible();

  await tab(page, 'Try it');
  await expect(decision(page)).toContainText('Allowed');
  await expect(page.getByText(/Otherwise by version 1, which is in force: denied by rule 5/)).toBeVisible();

  await tab(page, 'Versions');
  await expect(
    page.getByText(/^0 allowed before and denied after; \d+ denied before and allowed after$/),
  ).toBeVisible();
  await expect(
    page.getByRole('row', { name: /Users in viewers Subscribe celine.system.alerts.critical/ }),
  ).toBeVisible();
});

test('a rule is added by form and moved, and the rest of the file stays byte by byte', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await openScreen(page, 'Policy');
  const source =
    '{"note": 1.50,\n "celine": {"mqtt": {"acl": {"rules": [\n   {"subjects": {"zone": "x"}, "topics": ["a"],\n    "actions": "*", "effect": "deny"}\n ]}}}}\n';
  const file = { name: 'celine.json', mimeType: 'application/json', buffer: Buffer.from(source) };
  await page.getByLabel('Rules from a file').setInputFiles(file);
  await expect(page.getByRole('row', { name: /1 Deny Everybody/ })).toContainText('Unknown key');
  await page.getByRole('button', { name: 'Add rule' }).click();
  const editor = page.getByRole('dialog', { name: 'New rule' });
  await editor.getByRole('combobox', { name: 'Groups' }).fill('viewers');
  await page.keyboard.press('Enter');
  await editor.getByLabel('Topics').fill('b/+\nc/#');
  await editor.getByLabel('Read').check();
  await editor.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByRole('row', { name: /2 Allow Those in viewers/ })).toBeVisible();
  await tab(page, 'Findings');
  const unknown = page.getByRole('listitem').filter({ hasText: 'Rule 1, subjects, zone' });
  await expect(unknown).toContainText('an allow allows nobody, a deny denies anyway');
  await unknown.getByRole('button', { name: 'Line 3' }).click();
  await expect(page.getByLabel('Rules as JSON')).toBeFocused();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe(
    source.replace(
      '"effect": "deny"}',
      '"effect": "deny"},\n   { "subjects": { "groups": ["viewers"] }, "topics": ["b/+", "c/#"], "actions": ["read"], "effect": "allow" }',
    ),
  );
});

test('mistakes are pointed out where they are, and nothing of it can be saved', async ({
  page,
  console,
  complaints: _,
}) => {
  await startWithExample(page, console.url);
  await page.getByText('JSON', { exact: true }).click();
  const text = page.getByLabel('Rules as JSON');
  const right = await text.inputValue();
  await text.fill(right.replace('"topics": ["#"],', '"topics": ["a/#/b"],'));
  await expect(page.getByRole('list', { name: 'Mistakes' })).toContainText(
    'Rule 1, topics, entry 1 is no topic filter',
  );
  await expect(page.getByRole('button', { name: 'Save…' })).toBeDisabled();
  await text.fill(right.replace('"topics": ["#"],', '"topics": ["#"]'));
  const mistakes = page.getByRole('list', { name: 'Mistakes' });
  await expect(mistakes).toContainText(/is no JSON: line \d+, column \d+: a comma or \} is missing/);
  const line = /line (\d+),/.exec(await mistakes.innerText())?.[1];
  await page.getByRole('button', { name: `Line ${line}` }).click();
  const caret = await text.evaluate((area: HTMLTextAreaElement) => area.value.slice(0, area.selectionStart));
  expect(String(caret.split('\n').length)).toBe(line);
  expect(caret.trimEnd().endsWith('"topics": ["#"]')).toBe(true);
  await text.fill(right);
  await expect(page.getByRole('list', { name: 'Mistakes' })).toHaveCount(0);
});

test('the matrix shows who may do what, and a cell leads to the reason', async ({ page, console, complaints: _ }) => {
  await startWithExample(page, console.url);
  await tab(page, 'Matrix');
  const grid = page.getByRole('table', { name: 'Subjects by topics' });
  await expect(grid.getByRole('rowheader', { name: 'Users in viewers' })).toBeVisible();
  await page.getByRole('button', { name: 'Add subjects and topics' }).click();
  await page.getByLabel('Topic or filter').fill('plant/7/state');
  await page.getByRole('button', { name: 'Add topic' }).click();
  await expect(grid.getByRole('columnheader', { name: 'plant/7/state' })).toBeVisible();
  await grid.getByRole('button', { name: /Users in admins, plant\/7\/state/ }).click();
  await expect(decision(page)).toContainText('Allowed');
  await expect(decision(page)).toContainText('by rule 1');
});

test('a rule that another one shadows is found, and goes without changing anything', async ({
  page,
  console,
  complaints: _,
}) => {
  await startWithExample(page, console.url);
  await page.getByText('JSON', { exact: true }).click();
  const text = page.getByLabel('Rules as JSON');
  const shadowed = '{ "subjects": { "groups": ["admins"] }, "topics": ["x/y"], "actions": ["publish"] },\n';
  await text.fill((await text.inputValue()).replace('"rules": [', `"rules": [${shadowed}`));
  await tab(page, 'Findings');
  const dead = page.getByRole('list', { name: 'Rules without effect' });
  await expect(dead).toContainText('Rule 1');
  await expect(dead).toContainText('All that it says is said by rule 2 too.');
  await dead.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Every rule has a say')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Topics that nobody can reach' })).toContainText(
    'None that a rule names',
  );
});

test('two thousand rules are shown, searched and analysed without the window standing still', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await openScreen(page, 'Policy');
  const rules = Array.from({ length: 2000 }, (_, i) => ({
    subjects: { groups: [`team-${i % 60}`] },
    topics: [`celine/site-${i % 90}/+/x${i}`],
    actions: ['read'],
    effect: i % 10 === 9 ? 'deny' : 'allow',
  }));
  const buffer = Buffer.from(JSON.stringify({ celine: { mqtt: { acl: { rules } } } }));
  await page.getByLabel('Rules from a file').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer });
  await expect(page.getByRole('row', { name: /^1 Allow/ })).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  await page.getByLabel('Search rules').fill('x1999');
  await expect(page.getByRole('row', { name: /^2000 Deny/ })).toBeVisible();
  await tab(page, 'Matrix');
  await expect(page.getByText(/Not shown: 0 further subjects and 1700 further topics/)).toBeVisible({
    timeout: 20_000,
  });
  expect(await page.getByRole('cell').count()).toBeLessThan(600);
  await tab(page, 'Findings');
  await expect(page.getByRole('list', { name: 'Rules without effect' })).toContainText('Nothing allows what it denies');
});

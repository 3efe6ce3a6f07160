// `npm run headless -- --data-dir DIR --port 0 --json` as a program starts it, and the whole conversation over its REST.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Conversation, conversation, take } from '../support/conformance-table.ts';
import { type Caller, callRest, hasRestPath } from '../support/contract-callers.ts';

describe('the headless console', () => {
  const kept: Conversation = {};
  let directory: string;
  let lines: string[];
  let call: Caller;
  let program: ReturnType<typeof spawn>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-headless-'));
    program = spawn('npm', ['run', '--silent', 'headless', '--', '--data-dir', directory, '--port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    lines = [];
    const output = createInterface({ input: program.stdout ?? process.stdin });
    output.on('line', (line) => lines.push(line));
    await once(output, 'line');
    const { url, token } = JSON.parse(lines[0] ?? '') as { url: string; token: string };
    call = callRest(new URL(url).origin, token);
  });
  afterAll(async () => {
    // npm does not pass signals on; the group holds it and what it started.
    if (program.pid) process.kill(-program.pid, 'SIGTERM');
    if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    await rm(directory, { recursive: true, force: true });
  });

  for (const step of conversation.filter(({ name }) => hasRestPath(name))) {
    test(`${step.name}: ${step.what}`, () => take(step, call, kept));
  }

  test('printed one line, and no more', () => {
    expect(lines).toHaveLength(1);
  });
});

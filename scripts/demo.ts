// npm run demo -- [--json] [--broker practice|process] [--jwt-plugin PATH]
// The main job on the practice plant, in a temporary vault that is removed afterwards. Exit status 1 when a step fails.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import { ConsoleCore } from '../electron/core/console.ts';
import { silentLogger } from '../electron/platform/log.ts';
import { brokerTargetSchema } from '../shared/model/broker.ts';
import { Checklist } from './demo/checklist.ts';
import { runDemo } from './demo/run-demo.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    broker: { type: 'string', default: 'practice' },
    'jwt-plugin': { type: 'string' },
  },
});
const target = brokerTargetSchema.safeParse({ kind: values.broker });
if (!target.success) {
  process.stderr.write(`There is no broker target "${values.broker}". Use practice or process.\n`);
  process.exit(2);
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'voke-demo-'));
const core = new ConsoleCore({
  dataDirectory,
  version: 'demo',
  logger: silentLogger,
  ...(values['jwt-plugin'] && { jwtPlugin: resolve(values['jwt-plugin']) }),
});
const checklist = new Checklist((line) => console.log(line));
try {
  const session = { sessionId: 'demo', actor: 'demo', host: 'memory' } as const;
  await runDemo(createRouterClient(core.router, { context: { session } }), checklist, target.data);
} catch {
  // The checklist has printed the step that failed; what comes after it cannot be tried.
  process.exitCode = 1;
} finally {
  await core.close();
  await rm(dataDirectory, { recursive: true, force: true });
}
const ok = process.exitCode !== 1 && checklist.ok;
if (values.json) console.log(JSON.stringify({ ok, steps: checklist.results }));
else console.log(ok ? 'All steps succeeded.' : 'The demo failed.');

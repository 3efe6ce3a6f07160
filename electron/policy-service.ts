// The policy service without a console: `node electron/policy-service.ts --rules FILE --jwks URL`.
// It prints one line when it answers; everything else is a log line on standard error.

import { ConsoleError } from '../shared/model/errors.ts';
import { systemClock } from './platform/clock.ts';
import { createLogger } from './platform/log.ts';
import { parseServiceArguments, serviceUsage } from './policy/service/command-line.ts';
import { startFileService } from './policy/service/file-service.ts';

const logger = createLogger();

try {
  const args = parseServiceArguments(process.argv.slice(2));
  const service = await startFileService(args, { clock: systemClock, logger });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close());
  process.stdout.write(`${JSON.stringify({ address: args.address, port: service.port, tls: service.isTls })}\n`);
} catch (error) {
  if (error instanceof ConsoleError) {
    const faults = error.fields.map(({ field, message }) => `  ${field}: ${message}\n`).join('');
    process.stderr.write(`${error.message}\n${error.code === 'input/invalid' ? serviceUsage : faults}`);
  } else {
    process.stderr.write(`The policy service could not start: ${error instanceof Error ? error.message : ''}\n`);
  }
  process.exitCode = 1;
}

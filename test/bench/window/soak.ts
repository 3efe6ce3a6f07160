// npm run soak -- [--minutes N]: 20,000 messages a second for ten minutes, with the memory of the window and of the
// console's process every half a minute. Exit status 1 when either grew by more than a tenth.

import { parseArgs } from 'node:util';
import { growth, memoryOverTime } from './memory.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(10);

const samples = await memoryOverTime(Number(values.minutes) * 60, 30, ({ seconds, windowBytes, consoleBytes }) => {
  console.log(`${`${seconds} s`.padStart(6)}   window ${megabytes(windowBytes)}   console ${megabytes(consoleBytes)}`);
});
const grown = { window: growth(samples, 'windowBytes'), console: growth(samples, 'consoleBytes') };
console.log(`last third against the first: window ${grown.window.toFixed(3)}, console ${grown.console.toFixed(3)}`);
process.exitCode = grown.window > 1.1 || grown.console > 1.1 ? 1 : 0;

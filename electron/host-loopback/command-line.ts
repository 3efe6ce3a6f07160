import { parseArgs } from 'node:util';
import { ConsoleError } from '../../shared/model/errors.ts';

export type HeadlessOptions = {
  /** Undefined: the operating system's folder for a user's data. */
  readonly dataDirectory: string | undefined;
  readonly port: number;
  /** One JSON line instead of words. */
  readonly json: boolean;
  /** Whether to open the start address in a browser. */
  readonly open: boolean;
};

export const usage =
  'Usage: npm run headless -- [--data-dir DIR] [--port N] [--json] [--open | --no-open]\n' +
  '  --data-dir DIR  folder of the vault (default: the folder for your data on this system)\n' +
  '  --port N        port on 127.0.0.1; 0, the default, picks a free one\n' +
  '  --json          print one JSON line {"url","token"} when ready\n' +
  '  --open          open the start address in a browser\n';

const options = {
  'data-dir': { type: 'string' },
  port: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
} as const;

const badArgument = (message: string, field: string): ConsoleError =>
  new ConsoleError('input/invalid', { because: message, fields: [{ field, message }] });

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65535) return port;
  throw badArgument('--port must be a number from 0 to 65535', 'port');
}

/** Reads the arguments. Throws `input/invalid` with the one that does not fit. */
export function parseCommandLine(args: readonly string[]): HeadlessOptions {
  const { 'data-dir': dataDirectory, port, json, open } = parse(args);
  if (dataDirectory === '') throw badArgument('--data-dir must name a folder', 'data-dir');
  return { dataDirectory, port: parsePort(port), json, open };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowNegative: true, strict: true }).values;
  } catch (error) {
    throw badArgument(error instanceof Error ? error.message : 'the arguments cannot be read', 'arguments');
  }
}

// The one way to write a log line. Nothing else prints: a linter rule forbids console.*.
// - Fields named like a secret are replaced, and so is anything that looks like key material in a text.
// - One JSON object a line on standard error; standard output belongs to the programs that read it.

export type LogFields = Readonly<Record<string, unknown>>;

export type Logger = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

const secretName = /pass(word|phrase)?$|secret|token|private|(^|_|[a-z])key(pem)?$|authorization|cookie|credential/i;
const secretText = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g,
  /\$[67]\$[^\s:]+/g,
  /(?<=[?&]token=)[^\s&]+/g,
  /(?<=Bearer )\S+/gi,
];

/** `value` with every secret replaced by `[redacted]`; safe to print. */
export function redact(value: unknown, name = ''): unknown {
  if (secretName.test(name) && value !== null && value !== undefined && typeof value !== 'boolean') return '[redacted]';
  if (typeof value === 'string')
    return secretText.reduce((text, pattern) => text.replace(pattern, '[redacted]'), value);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (value instanceof Error)
    return { name: value.name, message: redact(value.message), code: Reflect.get(value, 'code') };
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)]));
  }
  return value;
}

export function createLogger(write: (line: string) => void = (line) => process.stderr.write(line)): Logger {
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      write(
        `${JSON.stringify({ time: new Date().toISOString(), level, message: redact(message), ...(redact(fields) as LogFields) })}\n`,
      );
  return { info: log('info'), warn: log('warn'), error: log('error') };
}

export const silentLogger: Logger = createLogger(() => {});

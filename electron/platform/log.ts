// The one way to write a log line. Nothing else prints: a linter rule forbids console.*.
// - Fields named like a secret are replaced, and so is anything that looks like key material in a text.
// - One JSON object a line on standard error; standard output belongs to the programs that read it.

export type LogFields = Readonly<Record<string, unknown>>;

export type Logger = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

const secretName =
  /pass(word|phrase|wd)|\bpwd\b|\bpin\b|secret|token|hmac|private|(^|_|[a-z])key(pem)?$|hash$|authorization|cookie|credential/i;
/** Names that only sound like one. */
const harmlessName = /^(tokenKeyId|keyId|credentialId|tokenExpiresAt)$/;

const secretText: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
  [/eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\$(?:[0-9][a-z]?|argon2\w*)\$[^\s:"]+/g, '[redacted]'],
  [/((?:pass(?:word|phrase|wd)?|pwd|secret|token|voke_session_\d+)["']?\s*[=:]\s*["']?)[^\s&"',;}]+/gi, '$1[redacted]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi, '$1[redacted]'],
  [/(Bearer )\S+/gi, '$1[redacted]'],
];

const redactText = (text: string): string =>
  secretText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);

/** `value` with every secret replaced by `[redacted]`; safe to print. */
export const redact = (value: unknown): unknown => redactValue(value, '', []);

/** `holders`: the objects that `value` lies in, so that one that holds itself comes to an end. */
function redactValue(value: unknown, name: string, holders: readonly object[]): unknown {
  const isNamedSecret = secretName.test(name) && !harmlessName.test(name);
  if (isNamedSecret && value !== null && value !== undefined && typeof value !== 'boolean') return '[redacted]';
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (holders.includes(value)) return '[circular]';
  const inside = [...holders, value];
  if (value instanceof Error) {
    const code: unknown = Reflect.get(value, 'code');
    return { name: value.name, message: redactText(value.message), code: redactValue(code, '', inside) };
  }
  if (Array.isArray(value)) return value.map((item) => redactValue(item, '', inside));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, key, inside)]));
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

// What mosquitto-go-auth sends, in both of its forms; `null` or nothing where the token says it all (its JWT mode).
// What is no such body is the sender's fault and answered with a 4xx: a 5xx would have the plugin drop its client.

import { isUtf8 } from 'node:buffer';

export type PolicyRequest = {
  readonly username?: string;
  readonly password?: string;
  readonly clientid?: string;
  readonly topic?: string;
  /** A whole number. */
  readonly acc?: number;
};

/** A request that is none, with the HTTP status that says so. */
export class NotARequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Throws `NotARequest`. */
export function readRequest(contentType: string | undefined, body: Buffer): PolicyRequest {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw new NotARequest(400, 'the body is not UTF-8');
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  switch (mediaType) {
    case 'application/json':
      return fromFields(readJson(body.toString('utf8')));
    case 'application/x-www-form-urlencoded':
      return fromFields(readForm(body.toString('utf8')));
    default:
      throw new NotARequest(415, 'the body must be JSON or a form');
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** As in a form, a field that comes twice would mean what the reader likes; deeper down nothing is read. */
function readJson(text: string): Fields {
  const value = parseJson(text);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new NotARequest(400, 'the body is no JSON object');
  if (countOfFields(text) !== Object.keys(value).length) throw new NotARequest(400, 'a field comes twice');
  return value as Fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotARequest(400, 'the body is no JSON');
  }
}

/** How many fields the outermost object of this JSON has, those that come twice counted twice. */
function countOfFields(text: string): number {
  let count = 0;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) count++;
  }
  return count;
}

/** A field that comes twice would mean what the reader likes. */
function readForm(text: string): Fields {
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (fields.has(name)) throw new NotARequest(400, 'a field comes twice');
    fields.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return Object.fromEntries(fields);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new NotARequest(400, 'the form is not percent-encoded UTF-8');
  }
}

function fromFields(fields: Fields): PolicyRequest {
  const request: { -readonly [Name in keyof PolicyRequest]: PolicyRequest[Name] } = {};
  for (const name of ['username', 'password', 'clientid', 'topic'] as const) {
    const value = own(fields, name);
    if (typeof value === 'string') request[name] = value;
    else if (value !== undefined) throw new NotARequest(400, `${name} must be text`);
  }
  const acc = own(fields, 'acc');
  if (acc !== undefined) request.acc = readAccess(acc);
  return request;
}

/** A number in JSON, text in a form. */
function readAccess(value: unknown): number {
  const access = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof access === 'number' && Number.isSafeInteger(access)) return access;
  throw new NotARequest(400, 'acc must be a whole number');
}

const own = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);

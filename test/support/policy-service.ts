// A policy service of the test's own on a loopback port, and how a broker asks it.

import { request } from 'node:http';
import { type Clock, systemClock } from '../../electron/platform/clock.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { RuleSet } from '../../electron/policy/decide.ts';
import { parsePolicy } from '../../electron/policy/rules.ts';
import { Authorizer } from '../../electron/policy/service/authorizer.ts';
import { PolicyListener } from '../../electron/policy/service/listener.ts';
import { type TokenCheck, TokenVerifier } from '../../electron/policy/subjects.ts';
import { PolicyTokens, plantRules } from './policy-tokens.ts';

export const rulesFrom = (text: string): RuleSet => new RuleSet(parsePolicy(text).document);

export async function startPolicyService(
  options: { readonly cacheSeconds?: number; readonly clock?: Clock; readonly check?: TokenCheck } = {},
) {
  const tokens = new PolicyTokens();
  const { cacheSeconds = 60, clock = systemClock } = options;
  const verifier = options.check ?? new TokenVerifier({ kind: 'pem', pem: tokens.publicPem });
  const authorizer = new Authorizer({ clock, verifier, rules: rulesFrom(plantRules), cacheSeconds });
  const listener = await PolicyListener.open({ authorizer, logger: silentLogger, address: '127.0.0.1', port: 0 });
  return { tokens, authorizer, listener, port: listener.port, close: () => listener.close() };
}

export type HttpAnswer = { readonly status: number; readonly body: string; readonly allow: string | undefined };

type Sent = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

export function send(port: number, { method = 'POST', path, headers = {}, body = '' }: Sent): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          allow: response.headers.allow,
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** As go-auth asks in its two modes of parameters; `bearer` as in its JWT mode. */
export function asGoAuth(port: number, mode: 'json' | 'form') {
  return async (path: string, fields: Readonly<Record<string, string | number>> | null, bearer?: string) => {
    const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const text = Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]));
    const sent =
      mode === 'json'
        ? { headers: { ...json, ...authorization }, body: JSON.stringify(fields) }
        : { headers: { ...form, ...authorization }, body: new URLSearchParams(text).toString() };
    const { status, body } = await send(port, { path, ...sent });
    return { status, ...(JSON.parse(body) as { ok: boolean; reason: string }) };
  };
}

// Decisions over HTTP with keep-alive under a thousand rules, each for one of a hundred tokens, against a fastify route
// that reads the same requests and answers a constant. Both servers run here, the questions come from a worker.

import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import fastify from 'fastify';
import { SignJWT } from 'jose';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { RuleSet } from '../../../electron/policy/decide.ts';
import { Authorizer } from '../../../electron/policy/service/authorizer.ts';
import { PolicyListener } from '../../../electron/policy/service/listener.ts';
import { TokenVerifier } from '../../../electron/policy/subjects.ts';
import { takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import type { Load, LoadResult } from './http-load.ts';

const ruleCount = 1000;
const tokenCount = 100;
const questionsAtOnce = 16;
const questions = 20_000;

const rules = () =>
  new RuleSet({
    celine: {
      mqtt: {
        acl: {
          rules: Array.from({ length: ruleCount }, (_, i) => ({
            subjects: { scopes: ['mqtt.write'] },
            topics: [`celine/telemetry/meter/${i}/+`],
            actions: ['publish'],
            effect: i % 10 === 9 ? 'deny' : 'allow',
          })),
        },
      },
    },
  });

async function makeTokens() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sign = (_: unknown, i: number) =>
    new SignJWT({ scope: 'mqtt.write' })
      .setProtectedHeader({ alg: 'RS256' })
      .setSubject(`svc-${i}`)
      .setExpirationTime('1h')
      .sign(privateKey);
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    tokens: await Promise.all(Array.from({ length: tokenCount }, sign)),
  };
}

/** As go-auth's JWT mode asks. */
function requestsOf(tokens: readonly string[]): Uint8Array[] {
  return Array.from({ length: 997 }, (_, i) => {
    const body = JSON.stringify({ clientid: `c-${i}`, topic: `celine/telemetry/meter/${i}/readings`, acc: 2 });
    return Buffer.from(
      `POST /mqtt/acl HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${tokens[i % tokens.length]}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
}

function load(work: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./http-load.ts', import.meta.url), { workerData: work });
    worker.once('message', resolve).once('error', reject);
  });
}

async function asked(port: number, requests: readonly Uint8Array[], isRight: (ok: number) => boolean): Promise<number> {
  const { perSecond, ok } = await load({ port, connections: questionsAtOnce, count: questions, requests });
  if (!isRight(ok)) throw new Error(`${ok} of ${questions} were allowed`);
  return perSecond;
}

export const policyHttpDecisions: BenchRow = {
  name: 'policy/http-decisions',
  unit: '/s; ref: fastify, a constant',
  aim: 0.6,
  direction: 'more-is-better',
  run: async () => {
    const { pem, tokens } = await makeTokens();
    const requests = requestsOf(tokens);
    const verifier = new TokenVerifier({ kind: 'pem', pem });
    const authorizer = new Authorizer({ clock: systemClock, verifier, rules: rules(), cacheSeconds: 30 });
    const ours = await PolicyListener.open({ authorizer, logger: silentLogger, address: '127.0.0.1', port: 0 });
    const reference = fastify();
    reference.post('/mqtt/acl', () => ({ ok: true, reason: 'publish: allowed by rule 1' }));
    await reference.listen({ host: '127.0.0.1', port: 0 });
    const { port } = reference.server.address() as AddressInfo;
    try {
      return await takeTurns(
        5,
        () => asked(ours.port, requests, (ok) => ok > questions / 2 && ok < questions),
        () => asked(port, requests, (ok) => ok === questions),
      );
    } finally {
      await Promise.all([ours.close(), reference.close()]);
    }
  },
};

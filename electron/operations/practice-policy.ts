// What the practice broker asks where it asks the policy: the rules in force, by the token of a real client.
// Besides the tokens that the policy service accepts it knows those that the console signs for trying rules out. Their key
// is made with the console and never leaves it, so that such a token opens no real broker.

import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PracticeToken, PracticeTokenInput } from '../../shared/model/practice.ts';
import type { Clock } from '../platform/clock.ts';
import type { RuleSet } from '../policy/decide.ts';
import { decideAccess } from '../policy/service/decide-access.ts';
import { type TokenCheck, TokenVerifier, type VerifiedToken } from '../policy/subjects.ts';
import type { ClientPolicy, PolicyAdmission } from '../practice/client-policy.ts';
import { consoleUsername } from './console-identity.ts';

const issuer = 'urn:voke:practice';

type OwnKey = { readonly privateKey: KeyObject; readonly check: TokenCheck };

export class PracticePolicy implements ClientPolicy {
  readonly watcher = consoleUsername;
  readonly #clock: Clock;
  #rules: RuleSet | undefined;
  #service: TokenCheck | undefined;
  #own: Promise<OwnKey> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Without rules nobody may do anything. */
  use(rules: RuleSet | undefined, service: TokenCheck): void {
    this.#rules = rules;
    this.#service = service;
  }

  async issueToken({ id, groups, scopes, minutes }: PracticeTokenInput): Promise<PracticeToken> {
    const { privateKey } = await this.#ownKey();
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const end = now + minutes * 60;
    const token = await new SignJWT({ groups, scope: scopes })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(id)
      .setIssuedAt(now)
      .setExpirationTime(end)
      .sign(privateKey);
    return { token, expiresAt: new Date(end * 1000).toISOString() };
  }

  async admit(token: string, username?: string): Promise<PolicyAdmission> {
    try {
      const { subject, expiresAt } = await this.#verify(token);
      if (username !== undefined && username !== subject.id)
        return { refused: 'the username must be the subject of the token' };
      if (subject.type === 'nobody') return { refused: 'the token names no groups and no scopes' };
      return {
        name: subject.id,
        ask: (action, topic) =>
          this.#clock.now() < expiresAt
            ? decideAccess(this.#rules, subject, [action], topic)
            : { ok: false, reason: 'the token has expired' },
      };
    } catch (error) {
      if (error instanceof ConsoleError) return { refused: error.message };
      throw error;
    }
  }

  async #verify(token: string): Promise<VerifiedToken> {
    const now = this.#clock.now();
    const { check } = await this.#ownKey();
    try {
      return await check.verify(token, now);
    } catch (error) {
      // Only a token of this console's gets as far as its end. Of any other, the service tells what is wrong.
      const isOwn = error instanceof ConsoleError && error.code === 'policy/token-expired';
      if (isOwn || !this.#service) throw error;
      return await this.#service.verify(token, now);
    }
  }

  #ownKey(): Promise<OwnKey> {
    this.#own ??= makeOwnKey();
    return this.#own;
  }
}

async function makeOwnKey(): Promise<OwnKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, check: new TokenVerifier({ kind: 'pem', pem }, { issuer }) };
}

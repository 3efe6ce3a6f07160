// Why a broker says no to CONNECT. It says the same of a wrong password and an unknown user, so its own password file,
// where it can be had, tells them apart.

import type { X509Certificate } from 'node:crypto';
import { lastReloadFaults } from './broker-log.ts';
import { commonNameOf } from './certificates.ts';
import { judgeToken, looksLikeToken } from './judge-token.ts';
import type { ListenerFiles } from './listener-files.ts';
import { type PatientIdentity, type Surroundings, type Suspicion, suspect } from './patient.ts';

type Known = {
  readonly identity: PatientIdentity;
  readonly client: X509Certificate | undefined;
  readonly surroundings: Surroundings;
  readonly files: ListenerFiles | undefined;
  readonly log: readonly string[];
  /** By the broker's clock, where that is known. */
  readonly now: Date;
};

/** `code`: of CONNACK, in MQTT 3.1.1 (3.2.2.3) below 128, in MQTT 5 (3.2.2.2) from there on. */
export async function judgeRefusal(code: number, known: Known): Promise<Suspicion[]> {
  switch (code) {
    case 1:
    case 132:
      return [suspect('connect/protocol-version')];
    case 2:
    case 133:
      return [suspect('connect/client-id-refused')];
    case 3:
    case 136:
    case 137:
      return [suspect('connect/busy')];
    case 151:
    case 159:
      return [suspect('broker/connection-limit')];
    case 142:
      return [suspect('connect/client-id-taken')];
    case 4:
    case 5:
    case 134:
    case 135: {
      const found = await judgeLogin(known);
      return found.length > 0 ? found : [suspect('connect/refused', `reason code ${code}`)];
    }
    default:
      return [suspect('connect/refused', `reason code ${code}`)];
  }
}

/** What would make the broker refuse this login; empty when nothing is known to. */
export async function judgeLogin(known: Known): Promise<Suspicion[]> {
  const { identity, client, files, now } = known;
  const { username, password } = identity;
  const isToken = looksLikeToken(password) || (known.surroundings.isTokenPort && password !== undefined);
  if (files?.takesCertificates || (client && username === undefined)) {
    return client && commonNameOf(client) === undefined ? [suspect('client/no-common-name')] : [];
  }
  if (username === undefined) return [suspect('connect/no-username')];
  if (isToken) {
    if (files && !files.takesTokens)
      return [suspect('connect/wrong-listener', 'it takes passwords, and was sent a token')];
    return await judgeToken(password ?? '', { username, now, files });
  }
  if (files?.takesTokens && !files.passwords) {
    return [suspect('connect/wrong-listener', 'it takes tokens, and was sent a password')];
  }
  return await judgePassword(username, known);
}

async function judgePassword(username: string, { identity, surroundings, files, log }: Known): Promise<Suspicion[]> {
  const { notPushedYet } = surroundings;
  if (!files?.passwords) {
    const unknown = suspect('connect/user-unknown', notPushedYet);
    const wrong = suspect('connect/password-wrong');
    return notPushedYet === undefined ? [wrong, unknown] : [unknown, wrong];
  }
  const hash = files.passwords.get(username);
  if (hash === undefined) {
    return [suspect('connect/user-unknown', notPushedYet ?? `its password file has no ${username}`)];
  }
  const fits =
    identity.password === undefined
      ? identity.passwordHash === hash
      : await surroundings.verifyPassword(identity.password, hash);
  if (!fits) return [suspect('connect/password-wrong')];
  if (identity.isSecretAway) return [];
  return [suspect('connect/not-reloaded', lastReloadFaults(log).at(-1))];
}

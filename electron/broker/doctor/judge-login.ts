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
      const prefix = known.files?.clientIdPrefix;
      // Mosquitto answers so to a client id that does not begin as it must.
      if (prefix !== undefined && !known.identity.clientId.startsWith(prefix)) {
        return [suspect('connect/client-id-refused', `it must begin with ${prefix}`)];
      }
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
  if (identity.isSecretAway) return judgeAway(username, known);
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

/** Nobody was asked: only what the broker's password file, or the register, says for certain. */
function judgeAway(username: string, { identity, surroundings, files }: Known): Suspicion[] {
  const hash = files?.passwords?.get(username);
  if (hash !== undefined && identity.passwordHash !== undefined && hash !== identity.passwordHash) {
    return [suspect('connect/password-wrong', "the broker's password file has another one than was issued last")];
  }
  const isMissing = files?.passwords ? hash === undefined : surroundings.notPushedYet !== undefined;
  if (!isMissing || surroundings.isTokenPort) return [];
  return [suspect('connect/user-unknown', surroundings.notPushedYet)];
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
  if (!(await surroundings.verifyPassword(identity.password ?? '', hash))) return [suspect('connect/password-wrong')];
  return [suspect('connect/not-reloaded', lastReloadFaults(log).at(-1))];
}

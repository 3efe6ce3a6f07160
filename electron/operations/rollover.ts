// The change from one authority to the next, without an outage:
// - start: the next one is made, and each certifies the other. Brokers trust both from their next push on.
// - plants get the next one into their CA file (plant-trust.ts).
// - issue: new certificates are by the next one, from now on current; those by the old one stay good.
// - plants get new certificates (renew-plants.ts), in an emergency new passwords and tokens too, and bring them into
//   force as after any rotation.
// - retire: the old one is trusted no more. Its CRL goes on until its last certificate has ended.
// Every step may be insisted on, and broken off after any of them both authorities' certificates are good.
// In an emergency the new one is current at once, and everything that vouched for the lost key goes with it. It needs no
// signature of the old one, so it is the way out too where the vault itself has lost the key.

import { randomUUID } from 'node:crypto';
import { type AuthorityKeyAlgorithm, authorityDefaults, crlStateAt } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type Rollover, type RolloverAuthority, rolloverStageOf } from '../../shared/model/rollover.ts';
import { crossCertify } from '../authority/cross.ts';
import { readDistinguishedName } from '../authority/distinguished-name.ts';
import { inspectCertificate } from '../authority/inspect.ts';
import { nextGenerationOf } from '../authority/next-subject.ts';
import { createAuthority } from '../authority/root.ts';
import type { AuthorityRow, NewAuthority } from '../vault/rows/authorities.ts';
import { authorityRowOf, crlDays, readAuthority, requireAuthority } from './authority.ts';
import { hasKey, isAuthorityLost, lostSubjects, signingIssuer } from './authority-key.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { layCrl } from './crl-bodies.ts';
import { exposedTokenKeys, noteEmergency } from './emergency.ts';
import { lastEndOf } from './register-pages.ts';
import { brokersBehind, plantProgress } from './rollover-progress.ts';

export type RolloverInput = {
  /** Left out: the name of the present one, with the next number. */
  readonly subject?: string | undefined;
  /** Left out: as the present one. */
  readonly keyAlgorithm?: AuthorityKeyAlgorithm | undefined;
  readonly validityDays: number;
  /** The key is lost or stolen. */
  readonly emergency: boolean;
};

/** Throws `authority/not-found`. */
export async function viewRollover(context: OperationContext): Promise<Rollover> {
  readAuthority(context);
  const progress = await plantProgress(context);
  const reachable = new Set(context.vault.devices.list().map(({ plantId }) => plantId));
  const plants = progress.flatMap(({ plant, needs }) => {
    const { plantId, name, site, authMethod, status } = plant;
    return needs === null
      ? []
      : [{ plantId, name, site, authMethod, status, needs, hasDevice: reachable.has(plantId) }];
  });
  const authorities = context.vault.authorities.list().map((row) => viewOf(context, row));
  return {
    stage: rolloverStageOf(authorities, plants),
    isEmergency: authorities.some(({ state, isCompromised }) => isCompromised && state === 'retiring'),
    exposedTokenKey: exposedTokenKeyOf(context),
    authorities,
    plants,
    plantCount: progress.length,
  };
}

function exposedTokenKeyOf(context: OperationContext): Rollover['exposedTokenKey'] {
  const inUse = exposedTokenKeys(context).filter(({ state }) => state !== 'retired');
  if (inUse.length === 0) return null;
  return inUse.some(({ state }) => state === 'active') ? 'signs' : 'trusted';
}

function viewOf(context: OperationContext, row: AuthorityRow): RolloverAuthority {
  const { authorityId, subject, keyAlgorithm, fingerprint, notBefore, notAfter, state, isCompromised } = row;
  const life = { thisUpdate: row.crlThisUpdate, nextUpdate: row.crlNextUpdate };
  return {
    ...{ authorityId, subject, keyAlgorithm, fingerprint, notBefore, notAfter, state, isCompromised },
    hasKey: hasKey(context, row),
    isCrossCertified: row.crossCertificatePem !== null,
    crl: { number: String(row.crlNumber), nextUpdate: row.crlNextUpdate, state: crlStateAt(life, context.clock.now()) },
    lastCertificateEndsAt: lastEndOf(context.vault, authorityId) ?? null,
    brokersBehind: brokersBehind(context, row),
  };
}

/**
 * In an emergency also without the old key: then the old one cannot certify the new one, and plants that have only the
 * old CA file refuse a broker with its new certificate until they got the new file.
 * Throws `authority/absent`, `authority/key-missing`, `authority/rollover-running`, `authority/invalid-subject`, `authority/invalid-validity`.
 */
export async function startRollover(context: OperationContext, input: RolloverInput): Promise<Rollover> {
  const { vault } = context;
  const { emergency } = input;
  const lost = emergency && isAuthorityLost(context) ? await lostSubjects(context) : [];
  const old = lost.length === 0 ? requireAuthority(context) : undefined;
  const refuseSecond = () => {
    const running = vault.authorities.list().some(({ state }) => state === 'next' || state === 'retiring');
    if (vault.authorities.current()?.authorityId !== old?.authorityId || (running && !emergency)) {
      throw new ConsoleError('authority/rollover-running');
    }
  };
  refuseSecond();
  // Without its key the two cannot certify each other, which only an emergency does without.
  if (old && !emergency) signingIssuer(context, old);
  const keyAlgorithm = input.keyAlgorithm ?? keyLike(old);
  const lostNames = lost.map(readDistinguishedName);
  const names = [...lostNames, ...vault.authorities.list().map(({ subject }) => subject)];
  const created = await createAuthority({
    subject: nextGenerationOf(
      lost[0] ?? inspectCertificate(requireAuthority(context).certificatePem).subjectDer,
      names,
      input.subject,
    ),
    keyAlgorithm,
    validityDays: input.validityDays,
    now: context.clock.now(),
    nextUpdateDays: crlDays(context),
  });
  const newWithOld = old && hasKey(context, old) ? await certifyBy(context, old, created.certificatePem) : undefined;
  // A lost key must not be vouched for by the one that takes its place.
  const oldWithNew = old && !emergency ? await crossCertify(created, old.certificatePem) : undefined;
  const authorityId = randomUUID();
  const crl = await layCrl(vault, authorityId, created.crl.crlPem);
  const row: NewAuthority = {
    ...authorityRowOf(created, { authorityId, keyAlgorithm, createdAt: timestamp(context), ...crl.body }),
    state: 'next',
  };
  vault.transaction(() => {
    refuseSecond();
    if (emergency) giveUpAll(context);
    crl.finish();
    vault.authorities.insert(row, created.privateKeyPem);
    if (old && newWithOld) vault.authorities.setCrossCertificate(row.authorityId, newWithOld, old.authorityId);
    if (old && oldWithNew) vault.authorities.setCrossCertificate(old.authorityId, oldWithNew, row.authorityId);
    if (emergency) vault.authorities.setState(row.authorityId, 'current', timestamp(context));
    audit(context, emergency ? 'authority.emergency' : 'authority.next', row.subject, {
      fingerprint: row.fingerprint,
      follows: old?.fingerprint ?? lostNames,
      certifiedByOld: newWithOld !== undefined,
    });
  });
  return await changed(context);
}

const keyLike = (old: AuthorityRow | undefined): AuthorityKeyAlgorithm => {
  if (!old) return authorityDefaults.keyAlgorithm;
  return old.keyAlgorithm === 'RSA-2048' ? 'RSA-4096' : old.keyAlgorithm;
};

const certifyBy = ({ vault }: OperationContext, { authorityId, certificatePem }: AuthorityRow, subjectPem: string) =>
  crossCertify({ certificatePem, privateKeyPem: vault.authorities.privateKeyPem(authorityId) }, subjectPem);

/** Authorities of a vault certify each other: who has the key of one can pass for all that were trusted beside it. */
function giveUpAll(context: OperationContext): void {
  const { authorities } = context.vault;
  noteEmergency(context);
  for (const { authorityId, state } of authorities.list()) {
    if (state === 'retired') continue;
    authorities.setCompromised(authorityId);
    if (state === 'next') authorities.setState(authorityId, 'retiring', timestamp(context));
  }
}

/** New certificates are by the next authority from now on. Throws `authority/rollover-wrong-state`, `authority/rollover-not-ready`. */
export async function issueFromNext(context: OperationContext, insist: boolean): Promise<Rollover> {
  const next = context.vault.authorities.list().find(({ state }) => state === 'next');
  if (!next) throw new ConsoleError('authority/rollover-wrong-state', { because: 'there is no next one' });
  const brokers = brokersBehind(context, next);
  const plants = await waitingPlants(context);
  if ((brokers.length > 0 || plants.length > 0) && !insist) throw notReady(brokers, plants);
  context.vault.transaction(() => {
    context.vault.authorities.setState(next.authorityId, 'current', timestamp(context));
    audit(context, 'authority.issue', next.subject, {
      fingerprint: next.fingerprint,
      insisted: brokers.length + plants.length > 0,
    });
  });
  return await changed(context);
}

const notReady = (brokers: readonly string[], plants: readonly string[]) =>
  new ConsoleError('authority/rollover-not-ready', {
    because: `${brokers.length} brokers and ${plants.length} plants do not trust it yet`,
    details: { brokers, plantCount: plants.length, plants: plants.slice(0, 20) },
  });

const waitingPlants = async (context: OperationContext): Promise<string[]> =>
  (await plantProgress(context)).filter(({ needs }) => needs !== null).map(({ plant }) => plant.name);

/**
 * The authority is trusted no more; a push makes it true. One that never issued is given up that way.
 * Throws `authority/not-found`, `authority/rollover-wrong-state`, `authority/rollover-in-use` naming who is locked out.
 */
export async function retireAuthority(
  context: OperationContext,
  authorityId: string,
  insist: boolean,
): Promise<Rollover> {
  const authority = context.vault.authorities.get(authorityId);
  if (!authority) throw new ConsoleError('authority/not-found');
  const { state, subject, fingerprint } = authority;
  if (state !== 'retiring' && state !== 'next') {
    throw new ConsoleError('authority/rollover-wrong-state', { because: `it is ${state}` });
  }
  const brokers = state === 'next' ? [] : brokersBehind(context, requireAuthority(context));
  const plants = state === 'next' ? [] : await waitingPlants(context);
  if ((brokers.length > 0 || plants.length > 0) && !insist) {
    throw new ConsoleError('authority/rollover-in-use', {
      because: `${plants.length} plants and ${brokers.length} brokers still need it`,
      details: { brokers, plantCount: plants.length, plants: plants.slice(0, 20) },
    });
  }
  context.vault.transaction(() => {
    context.vault.authorities.setState(authorityId, 'retired', timestamp(context));
    audit(context, 'authority.retire', subject, { fingerprint, plantsLeftOut: plants.length });
  });
  return await changed(context);
}

function changed(context: OperationContext): Promise<Rollover> {
  context.changed('authority');
  context.changed('brokers');
  return viewRollover(context);
}

// Everything that ends some day, so that nobody learns of it from an outage. Certificates that were replaced or revoked
// may end: nobody uses them.

import type { Expiry } from '../../shared/model/expiry.ts';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import { inSlices } from '../platform/slices.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import type { PlantTable } from '../vault/rows/plants.ts';
import { authoritiesWithCrl, readAuthority, trustedAuthorities } from './authority.ts';
import { certificatePages } from './certificate-pages.ts';
import type { OperationContext } from './context.ts';
import { renderCalendar } from './expiry-calendar.ts';
import { eachRegisterPage } from './register-pages.ts';

/** NIST SP 800-57 part 1, 5.3.6: one to two years for a key that signs authentications. */
const tokenKeyDays = 365;
const dayMs = 86_400_000;

/** The soonest first, what has ended before all else. Throws `authority/not-found`. */
export async function listExpiries(context: OperationContext): Promise<Expiry[]> {
  const authority = readAuthority(context);
  const { vault } = context;
  const brokers = new Map(vault.brokers.list().map((broker) => [broker.brokerId, broker]));
  const expiries = [
    ...trustedAuthorities(context).map(authorityExpiry),
    ...retiredCrlExpiries(context),
    ...crlExpiries(authority, [...brokers.values()]),
    ...(await certificateExpiries(context, brokers)),
    ...(await registeredExpiries(context)),
    ...(await inSlices(tokenExpiries(context))),
    ...vault.tokenKeys
      .list()
      .filter(({ state }) => state === 'active')
      .map(({ keyId, createdAt }) => ({
        ...nobody,
        expiryId: `token-key-${keyId}`,
        kind: 'tokenKey' as const,
        name: 'Token key',
        startedAt: createdAt,
        endsAt: new Date(Date.parse(createdAt) + tokenKeyDays * dayMs).toISOString(),
        isOutage: false,
      })),
  ];
  // Timestamps in UTC and of one form need no collation, which takes its time.
  return expiries.toSorted((a, b) => (a.endsAt < b.endsAt ? -1 : Number(a.endsAt > b.endsAt)));
}

/** The same as an iCalendar file: one event a day and kind, with an alarm a month and a week before. */
export const expiryCalendar = async (context: OperationContext): Promise<string> =>
  renderCalendar(await listExpiries(context), context.clock.now());

const nobody = { site: null, plantId: null, brokerId: null };

const authorityExpiry = ({ authorityId, subject, notBefore, notAfter, state }: AuthorityRow): Expiry => ({
  ...nobody,
  expiryId: `authority-${authorityId}`,
  kind: 'authority',
  name: subject,
  startedAt: notBefore,
  endsAt: notAfter,
  // Nobody depends on the next one yet.
  isOutage: state !== 'next',
});

/** No broker has these lists any more; whoever else still trusts a retired authority needs them. */
const retiredCrlExpiries = (context: OperationContext): Expiry[] =>
  authoritiesWithCrl(context)
    .filter(({ state }) => state === 'retired')
    .map(({ authorityId, subject, crlThisUpdate, crlNextUpdate }) => ({
      ...nobody,
      expiryId: `crl-${authorityId}`,
      kind: 'crl',
      name: `Revocation list of ${subject}`,
      startedAt: crlThisUpdate,
      endsAt: crlNextUpdate,
      isOutage: false,
    }));

/** What counts is the list that a broker has: the console may have a newer one. */
function crlExpiries(authority: AuthorityRow, brokers: readonly BrokerRow[]): Expiry[] {
  const pushed = brokers.flatMap(({ brokerId, name, crlNextUpdate, lastPushedAt }) =>
    crlNextUpdate && lastPushedAt
      ? [{ ...nobody, expiryId: `crl-${brokerId}`, name, brokerId, startedAt: lastPushedAt, endsAt: crlNextUpdate }]
      : [],
  );
  const own = {
    ...nobody,
    expiryId: 'crl',
    name: 'Revocation list',
    startedAt: authority.crlThisUpdate,
    endsAt: authority.crlNextUpdate,
  };
  return (pushed.length > 0 ? pushed : [own]).map((crl) => ({ ...crl, kind: 'crl', isOutage: pushed.length > 0 }));
}

/** A certificate in force proved itself; one that was only issued may be in use before anybody heard of it. */
const watchedStates = ['active', 'issued'] as const satisfies readonly CertificateRow['state'][];

async function certificateExpiries(
  { vault }: OperationContext,
  brokers: ReadonlyMap<string, BrokerRow>,
): Promise<Expiry[]> {
  const expiries: Expiry[] = [];
  for (const state of watchedStates) {
    for (const { authorityId } of vault.authorities.list()) {
      for await (const page of certificatePages(vault, { authorityId, state })) {
        expiries.push(...page.flatMap((row) => certificateExpiry(row, vault.plants, brokers) ?? []));
      }
    }
  }
  return expiries;
}

function certificateExpiry(
  { kind, serialNumber, subject, subjectAltNames, state, plantId, brokerId, notBefore, notAfter }: CertificateRow,
  plants: Pick<PlantTable, 'get'>,
  brokers: ReadonlyMap<string, BrokerRow>,
): Expiry | undefined {
  // Its end is that of its authority, which is listed by itself.
  if (hasNoEnd(notAfter)) return undefined;
  const own = { ...nobody, expiryId: `certificate-${serialNumber}`, startedAt: notBefore, endsAt: notAfter };
  switch (kind) {
    case 'device': {
      const plant = plantId === null ? undefined : plants.get(plantId);
      return {
        ...own,
        kind,
        name: plant?.name ?? subject,
        site: plant?.site ?? null,
        plantId,
        isOutage: state === 'active',
      };
    }
    case 'broker': {
      const broker = brokerId === null ? undefined : brokers.get(brokerId);
      if (brokerId === null) return { ...own, kind, name: subject, isOutage: !isReplaced(subjectAltNames, brokers) };
      // One that was pushed since has another.
      if (broker?.certificateSerialNumber !== serialNumber) return undefined;
      return { ...own, kind, name: broker.name, brokerId, isOutage: true };
    }
    case 'console':
      return { ...own, kind, name: 'This console', isOutage: false };
    case 'probe':
      return undefined; // lives a day, and is renewed by whoever needs it
    case 'document':
      return undefined; // ends with its authority, which is listed by itself
  }
}

/** An adopted certificate belongs to no broker yet: it counts until the console has pushed to one of its names. */
const isReplaced = (subjectAltNames: readonly string[], brokers: ReadonlyMap<string, BrokerRow>): boolean =>
  [...brokers.values()].some(
    ({ host, certificateSerialNumber }) =>
      certificateSerialNumber !== null &&
      subjectAltNames.some((name) => name.slice(name.indexOf(':') + 1).toLowerCase() === host.toLowerCase()),
  );

/**
 * What an adopted authority's register alone knows: a row a day, since a register of ten years has a hundred thousand.
 * What has ended is left out: nobody can tell whether it was replaced.
 */
async function registeredExpiries(context: OperationContext): Promise<Expiry[]> {
  const now = context.clock.now();
  const expiries: Expiry[] = [];
  for (const { authorityId, notBefore } of trustedAuthorities(context)) {
    const byDay = new Map<string, { subject: string; endsAt: string; count: number }>();
    for await (const { entries } of eachRegisterPage(context.vault, authorityId)) {
      for (const { subject, notAfter, revocation } of entries) {
        const endsAt = notAfter.toISOString();
        if (revocation || notAfter <= now || hasNoEnd(endsAt)) continue;
        const known = byDay.get(endsAt.slice(0, 10));
        if (!known) byDay.set(endsAt.slice(0, 10), { subject, endsAt, count: 1 });
        else {
          known.count += 1;
          if (endsAt < known.endsAt) known.endsAt = endsAt;
        }
      }
    }
    for (const [day, { subject, endsAt, count }] of byDay) {
      expiries.push({
        ...nobody,
        expiryId: `registered-${authorityId}-${day}`,
        kind: 'registered',
        name: count === 1 ? subject : `${subject} and ${count - 1} more`,
        startedAt: notBefore,
        endsAt,
        isOutage: false,
      });
    }
  }
  return expiries;
}

function* tokenExpiries({ vault }: OperationContext): Generator<undefined, Expiry[], undefined> {
  const expiries: Expiry[] = [];
  for (const id of vault.credentials.idsInStates(['active', 'deployed'])) {
    yield;
    const credential = vault.credentials.get(id);
    if (credential?.authMethod !== 'TOKEN' || credential.expiresAt === null) continue;
    const { credentialId, plantId, createdAt, expiresAt } = credential;
    const plant = vault.plants.get(plantId);
    if (!plant) continue;
    // A plant fetches its own tokens: the one of its package ends, and nobody minds.
    const token = { ...nobody, expiryId: `token-${credentialId}`, kind: 'token' as const, name: plant.name };
    expiries.push({ ...token, site: plant.site, plantId, startedAt: createdAt, endsAt: expiresAt, isOutage: false });
  }
  return expiries;
}

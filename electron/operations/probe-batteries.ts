// The questions for each listener: everybody who shall come in, and everybody who might try.

import { randomUUID } from 'node:crypto';
import type { ProbeIdentity } from '../broker/probe.ts';
import { randomAlphanumeric } from '../platform/random.ts';
import type { BrokerRow, ProbeAccountRow } from '../vault/rows/brokers.ts';
import { trustedAuthorities } from './authority.ts';
import { hasKey } from './authority-key.ts';
import type { Listener } from './broker-way.ts';
import { prepareConsoleAccount } from './console-account.ts';
import { consoleUsername } from './console-identity.ts';
import { type OperationContext, timestamp } from './context.ts';
import type { Doors } from './probe-doors.ts';
import {
  probeCertificate,
  probeToken,
  probeUsername,
  revokedCertificate,
  type ShownCertificate,
  strangersCertificate,
} from './probe-identities.ts';
import { trustedTokenKeys } from './token-keys.ts';

/** What a client shows; its client id is another each time. */
export type Showing = Omit<ProbeIdentity, 'clientId'>;

type Knock = { readonly name: string; readonly identity: Showing; readonly expected: 'accepted' | 'refused' };

/** What one listener is asked. */
export type Battery = {
  readonly listener: Listener;
  readonly knocks: readonly Knock[];
  /** Speaks there as a plant; undefined where it is not known. */
  readonly account: Showing | undefined;
  /** Whether a plant must be kept from what belongs to others. */
  readonly isolates: boolean;
};

/** `seer` is the console itself, which sees what all plants say. */
export function probeBatteries(
  context: OperationContext,
  { profile }: Pick<BrokerRow, 'profile'>,
  account: ProbeAccountRow,
  doors: Doors,
  seer: Showing,
): Promise<Battery[]> {
  switch (profile) {
    case 'voke':
      return Promise.all([
        certificateBattery(context, account, doors, seer),
        passwordBattery(context, account, doors),
        ...(doors.hasTokenListener ? [tokenBattery(context, account, doors)] : []),
      ]);
    case 'plantops':
      return Promise.all([
        siteBattery('mqtt', context, account, doors, seer),
        siteBattery('webSockets', context, account, doors, seer),
      ]);
  }
}

async function certificateBattery(
  context: OperationContext,
  account: ProbeAccountRow,
  doors: Doors,
  seer: Showing,
): Promise<Battery> {
  const trusted = trustedAuthorities(context).filter((authority) => doors.admits(authority));
  const signing = trusted.filter((authority) => hasKey(context, authority));
  const certificates = await inTurn(signing, (authority) => probeCertificate(context, account, authority));
  const [own, ...others] = certificates;
  const revoked: ShownCertificate[] = [];
  for (const identity of trusted.flatMap((authority) => revokedCertificate(context, authority) ?? [])) {
    if (await doors.revokes(identity.serialNumber)) revoked.push(identity);
  }
  const retired = context.vault.authorities
    .list()
    .filter(({ state, notAfter }) => state === 'retired' && notAfter > timestamp(context))
    .filter((authority) => !doors.admits(authority) && hasKey(context, authority));
  const former = await inTurn(retired, (authority) => probeCertificate(context, account, authority));
  const stranger = await strangersCertificate(context, account);
  return {
    listener: 'mtls',
    account: own,
    isolates: true,
    knocks: [
      { name: 'the console with its certificate', identity: seer, expected: 'accepted' },
      ...(own ? [{ name: "a plant's certificate", identity: own, expected: 'accepted' as const }] : []),
      ...others.map((identity) => ({
        name: "a plant's certificate of the other authority",
        identity,
        expected: 'accepted' as const,
      })),
      { name: 'somebody without a certificate', identity: {}, expected: 'refused' },
      { name: 'a certificate of a strange authority', identity: stranger, expected: 'refused' },
      ...former.map((identity) => ({
        name: 'a certificate of a retired authority',
        identity,
        expected: 'refused' as const,
      })),
      ...revoked.map((identity) => ({ name: 'a revoked certificate', identity, expected: 'refused' as const })),
    ],
  };
}

/** One after the other: two that issue at once would each replace the other's. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function passwordBattery(
  { vault }: OperationContext,
  { brokerId, passwordHash }: ProbeAccountRow,
  doors: Doors,
): Promise<Battery> {
  const own = { username: probeUsername, password: vault.brokers.probePassword(brokerId) };
  const isKnown = doors.knows(probeUsername, passwordHash);
  const wrong = randomAlphanumeric(32);
  return {
    listener: 'password',
    account: isKnown ? own : undefined,
    isolates: true,
    knocks: [
      ...(isKnown ? [{ name: 'a right password', identity: own, expected: 'accepted' as const }] : []),
      { name: 'a wrong password', identity: { ...own, password: wrong }, expected: 'refused' },
      { name: 'an unknown user', identity: { username: 'plc-00000000', password: wrong }, expected: 'refused' },
      { name: 'somebody without a password', identity: {}, expected: 'refused' },
    ],
  };
}

/** One of the `plantops` listeners: passwords for everybody, the console too, and no rights that keep them apart. */
async function siteBattery(
  listener: 'mqtt' | 'webSockets',
  context: OperationContext,
  account: ProbeAccountRow,
  doors: Doors,
  seer: Showing,
): Promise<Battery> {
  const { passwordHash } = await prepareConsoleAccount(context, account.brokerId);
  const knowsConsole = doors.knows(consoleUsername, passwordHash);
  const { account: own, knocks } = await passwordBattery(context, account, doors);
  return {
    listener,
    account: knowsConsole ? own : undefined,
    isolates: false,
    knocks: [
      ...(knowsConsole
        ? [{ name: 'the console with its password', identity: seer, expected: 'accepted' as const }]
        : []),
      ...knocks,
    ],
  };
}

async function tokenBattery(context: OperationContext, { plantId }: ProbeAccountRow, doors: Doors): Promise<Battery> {
  const sign = async (keyId: string, time: 'valid' | 'expired' = 'valid') => ({
    username: plantId,
    password: await probeToken(context, plantId, keyId, time),
  });
  const keys = trustedTokenKeys(context);
  const [newest] = keys;
  const [signing, ...others] = await Promise.all(
    keys.filter((key) => doors.trusts(key)).map(({ keyId }) => sign(keyId)),
  );
  const retired = context.vault.tokenKeys.list().find(({ state }) => state === 'retired');
  const basis = signing ?? (await sign(newest.keyId));
  return {
    listener: 'token',
    account: signing,
    isolates: true,
    knocks: [
      ...(signing ? [{ name: 'a right token', identity: signing, expected: 'accepted' as const }] : []),
      ...others.map((identity) => ({ name: 'a token by the other key', identity, expected: 'accepted' as const })),
      ...(retired && !doors.trusts(retired)
        ? [{ name: 'a token by a retired key', identity: await sign(retired.keyId), expected: 'refused' as const }]
        : []),
      { name: 'a token for another plant', identity: { ...basis, username: randomUUID() }, expected: 'refused' },
      {
        name: 'a token with a broken signature',
        identity: { ...basis, password: brokenSignature(basis.password) },
        expected: 'refused',
      },
      { name: 'an expired token', identity: await sign(newest.keyId, 'expired'), expected: 'refused' },
      { name: 'somebody without a token', identity: {}, expected: 'refused' },
    ],
  };
}

/** Another first character of the signature: the last ones may carry no bits. */
const brokenSignature = (token: string): string => {
  const start = token.lastIndexOf('.') + 1;
  return `${token.slice(0, start)}${token[start] === 'A' ? 'B' : 'A'}${token.slice(start + 1)}`;
};

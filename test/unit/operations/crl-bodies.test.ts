import { expect, test } from 'vitest';
import { dropCrls, joinCrls, layCrl, withCrls } from '../../../electron/operations/crl-bodies.ts';
import type { OpenVault } from '../../../electron/vault/rows.ts';
import { createVault } from '../../support/vault.ts';
import { authorityRow } from '../../support/vault-rows.ts';

/** Of more parts than are written at once. */
const longCrl = (name: string) => `${name}\n`.repeat(90_000);
const mebibyte = 1_048_576;

async function withAuthority(crl: string): Promise<OpenVault> {
  const { vault } = await createVault();
  const laid = await layCrl(vault, 'authority-1', crl);
  vault.transaction(() => {
    laid.finish();
    vault.authorities.insert(authorityRow(laid.body), 'key');
  });
  return vault;
}

async function replace(vault: OpenVault, crl: string, crlNumber: bigint): Promise<void> {
  const { crlThisUpdate, crlNextUpdate } = authorityRow();
  const laid = await layCrl(vault, 'authority-1', crl);
  vault.transaction(() => {
    laid.finish();
    vault.authorities.updateCrl('authority-1', { ...laid.body, crlNumber, crlThisUpdate, crlNextUpdate });
  });
}

const read = (vault: OpenVault) =>
  withCrls(
    { vault },
    () => vault.authorities.list(),
    (crls) => joinCrls(crls).toString(),
  );

test('a CRL comes back as it was laid down, short or long, again and again', async () => {
  const vault = await withAuthority(longCrl('first list'));
  expect((await read(vault)) === longCrl('first list')).toBe(true);
  await replace(vault, longCrl('second one'), 2n);
  expect((await read(vault)) === longCrl('second one')).toBe(true);
  await replace(vault, 'short\n', 3n);
  expect(await read(vault)).toBe('short\n');
});

test('until it is brought into force the one before counts, and what nobody brought into force goes with the next', async () => {
  const vault = await withAuthority(longCrl('in force'));
  const bodies = [(await layCrl(vault, 'authority-1', longCrl('given up'))).body.crlBodyId];
  expect((await read(vault)) === longCrl('in force')).toBe(true);
  for (let number = 2; number < 12; number++) {
    bodies.push(vault.authorities.current()?.crlBodyId ?? '');
    await replace(vault, longCrl(`list ${number}`), BigInt(number));
  }
  const left = bodies.map((bodyId) => vault.crlParts.count(bodyId));
  expect(left.slice(0, -1)).toEqual(left.slice(0, -1).map(() => 0));
});

test('who reads while it is replaced gets the new one whole', async () => {
  const vault = await withAuthority(longCrl('before'));
  const { crlThisUpdate, crlNextUpdate } = authorityRow();
  const laid = await layCrl(vault, 'authority-1', longCrl('after'));
  let isReplaced = false;
  const which = () => {
    const found = vault.authorities.list();
    if (isReplaced) return found;
    isReplaced = true;
    laid.finish();
    vault.authorities.updateCrl('authority-1', { ...laid.body, crlNumber: 2n, crlThisUpdate, crlNextUpdate });
    return found;
  };
  const crl = await withCrls({ vault }, which, (crls) => joinCrls(crls).toString());
  expect(crl === longCrl('after')).toBe(true);
});

test('two of one authority at the same time do not both come into force', async () => {
  const vault = await withAuthority('first\n');
  const crl = 'x'.repeat(mebibyte);
  const [one, other] = await Promise.all([layCrl(vault, 'authority-1', crl), layCrl(vault, 'authority-1', crl)]);
  const finish = (laid: typeof one) => () => vault.transaction(() => laid.finish());
  expect([finish(one), finish(other)].filter((ends) => !throws(ends)).length).toBeLessThan(2);
});

const throws = (work: () => void): boolean => {
  try {
    work();
    return false;
  } catch {
    return true;
  }
};

test('a part that is gone is told, not left out', async () => {
  const vault = await withAuthority(longCrl('whole'));
  vault.crlParts.deleteOthers('authority-1', [], 1);
  await expect(read(vault)).rejects.toMatchObject({ code: 'vault/damaged' });
});

test('what came to nothing is dropped whole', async () => {
  const { vault } = await createVault();
  const { body, finish } = await layCrl(vault, 'authority-1', longCrl('nothing'));
  vault.transaction(finish);
  await dropCrls(vault, 'authority-1');
  expect(vault.crlParts.count(body.crlBodyId)).toBe(0);
});

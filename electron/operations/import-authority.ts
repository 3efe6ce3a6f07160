// An authority that was run elsewhere is adopted: its key, its register of plants, what it revoked, and its counting.
// - All or nothing. Everything is read and judged before anything is stored; only an empty vault takes an authority in.
// - One transaction of a register of ten years would hold the console up, so it is stored in short ones. Until the last
//   of them the authority is no more than the next one, which issues nothing. Which import it is stands in the vault from
//   the first on: what breaks off is taken out again, at once or, after a crash or a lock, at the next unlock.
// - Its own next CRL is signed at once: it revokes what the register or the last CRL revoked, under a greater number.

import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { AuthorityImportInput, AuthorityImportPreview } from '../../shared/model/authority-import.ts';
import type { Authority } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { buildCrl } from '../authority/crl.ts';
import { type AdoptedAuthority, adoptAuthority } from '../authority/import/adopt.ts';
import { generateTokenKey } from '../credentials/tokens.ts';
import { inSlices } from '../platform/slices.ts';
import type { AdoptedCertificate, AdoptedPlant, AdoptedRegister } from './adopted-plants.ts';
import { adoptRegister } from './adopted-plants.ts';
import { authorityRowOf, viewAuthority } from './authority.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { dropCrls, layCrl } from './crl-bodies.ts';
import { decodeFiles } from './import-files.ts';
import { insertPlant } from './plants.ts';
import { storeRegister } from './register-pages.ts';

const importKind = 'authority.import';
const importSetting = 'authorityImport';
/** `createdAt` is that of its plants: whoever registers one of them by hand meanwhile keeps it. */
const importSchema = z.object({
  operationId: z.string(),
  authorityId: z.string(),
  subject: z.string(),
  createdAt: z.string(),
  plantIds: z.array(plantIdSchema),
});
type OpenImport = z.infer<typeof importSchema>;

/** Plants or certificates in a transaction: some 10 ms. */
const storedAtOnce = 20;

/** Changes nothing. Throws what `adoptAuthority` throws, and `authority/import-too-large`, `authority/import-unreadable`. */
export async function previewAuthorityImport(
  context: OperationContext,
  input: AuthorityImportInput,
): Promise<AuthorityImportPreview> {
  const { adopted, register } = await readAll(context, input);
  const { certificate, keyAlgorithm } = adopted;
  return {
    subject: certificate.subject,
    keyAlgorithm,
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    plants: register.plants.map(previewPlant),
    otherCertificates: register.others.length,
    misnamed: register.misnamed.map(({ certificate: { subject, serialNumber } }) => ({
      subject,
      serialNumber,
      because: namedInCapitals,
    })),
    bySerialNumberOnly: adopted.register.length,
    revoked: adopted.revocations.size,
    nextSerial: adopted.nextSerial ?? null,
    nextCrlNumber: String(adopted.lastCrlNumber + 1n),
    findings: [...adopted.findings],
    leftOut: [...adopted.leftOut],
  };
}

const namedInCapitals =
  'its UUID is in capitals. Brokers take a name as it is written, so to them this device is another one than the plant with the same UUID in lower case. The certificate stays good and can be revoked; for a plant, issue a new one';

const previewPlant = ({ row, certificates }: AdoptedPlant): AuthorityImportPreview['plants'][number] => ({
  plantId: row.plantId,
  status: row.status,
  certificates: certificates.length,
  expiresAt: certificates.find(({ credential }) => credential.state === 'active')?.credential.expiresAt ?? null,
  hasKey: certificates.some(({ privateKeyPem }) => privateKeyPem !== undefined),
});

/** Throws like the preview, and `authority/exists`, `authority/vault-not-empty`, `authority/import-running`. */
export async function importAuthority(context: OperationContext, input: AuthorityImportInput): Promise<Authority> {
  refuseUnlessEmpty(context);
  const { adopted, register, authorityId, readAt } = await readAll(context, input);
  const { certificatePem } = adopted.certificate;
  const [crl, tokenKey] = await Promise.all([
    buildCrl({
      authority: { certificatePem, privateKeyPem: adopted.privateKeyPem },
      entries: [...adopted.revocations.values()],
      number: adopted.lastCrlNumber + 1n,
      now: context.clock.now(),
      lastThisUpdate: adopted.lastThisUpdate,
    }),
    generateTokenKey(),
  ]);
  const { subject } = adopted.certificate;
  await context.exclusively(() =>
    storing(context, openImportOf(authorityId, subject, readAt, register), async () => {
      await storeRegister(context, authorityId, adopted.register);
      const laid = await layCrl(context.vault, authorityId, crl.crlPem);
      const createdAt = timestamp(context);
      context.vault.transaction(() => {
        laid.finish();
        context.vault.authorities.insert(
          {
            ...authorityRowOf(
              { ...adopted.certificate, privateKeyPem: adopted.privateKeyPem, crl },
              { authorityId, keyAlgorithm: adopted.keyAlgorithm, createdAt, ...laid.body },
            ),
            state: 'next',
          },
          adopted.privateKeyPem,
        );
      });
      await inTransactions(context, register.others, (one) => storeCertificate(context, one));
      await inTransactions(context, register.plants, (plant) => storePlant(context, plant));
      return () => {
        context.vault.authorities.setState(authorityId, 'current', timestamp(context));
        context.vault.tokenKeys.insert(
          { keyId: tokenKey.keyId, publicKeyPem: tokenKey.publicSpkiPem, state: 'active', createdAt },
          tokenKey.privatePkcs1Pem,
        );
        audit(context, 'authority.import', subject, {
          ...summaryOf(adopted, register),
          crlNumber: String(crl.number),
          tokenKeyId: tokenKey.keyId,
        });
      };
    }),
  );
  for (const part of ['authority', 'plants', 'brokers'] as const) context.changed(part);
  await nextTurn();
  return viewAuthority(context);
}

async function readAll(context: OperationContext, { files, passphrase }: AuthorityImportInput) {
  const authorityId = randomUUID();
  const adopted = await adoptAuthority(await decodeFiles(files), passphrase);
  const now = context.clock.now();
  const register = await inSlices(adoptRegister(adopted, authorityId, now));
  return { adopted, register, authorityId, readAt: now.toISOString() };
}

const summaryOf = (adopted: AdoptedAuthority, { plants, others }: AdoptedRegister) => ({
  fingerprint: adopted.certificate.fingerprint,
  keyAlgorithm: adopted.keyAlgorithm,
  plants: plants.length,
  otherCertificates: others.length,
  bySerialNumberOnly: adopted.register.length,
  revoked: adopted.revocations.size,
});

function refuseUnlessEmpty({ vault }: OperationContext): void {
  if (vault.settings.get(importSetting)) throw new ConsoleError('authority/import-running');
  if (vault.authorities.list().length > 0) throw new ConsoleError('authority/exists');
  if (vault.plants.list({ limit: 1 }).total > 0) throw new ConsoleError('authority/vault-not-empty');
}

const openImportOf = (
  authorityId: string,
  subject: string,
  createdAt: string,
  { plants }: AdoptedRegister,
): OpenImport => ({
  operationId: randomUUID(),
  authorityId,
  subject,
  createdAt,
  plantIds: plants.map(({ row }) => row.plantId),
});

/** `store` answers what is to be done in the transaction that ends the import. */
async function storing(context: OperationContext, open: OpenImport, store: () => Promise<() => void>): Promise<void> {
  const { operations, settings } = context.vault;
  const { operationId, subject } = open;
  context.vault.transaction(() => {
    refuseUnlessEmpty(context);
    settings.set(importSetting, JSON.stringify(open));
    operations.start({ operationId, kind: importKind, subject, startedAt: timestamp(context) });
  });
  try {
    const complete = await store();
    await nextTurn();
    context.vault.transaction(() => {
      if (context.vault.authorities.current()) throw new ConsoleError('authority/exists');
      complete();
      settings.set(importSetting, '');
      operations.finish(operationId, 'succeeded', timestamp(context));
    });
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'vault/locked')) await undo(context, open);
    throw error;
  }
}

async function inTransactions<T>(
  context: OperationContext,
  items: readonly T[],
  store: (item: T) => void,
): Promise<void> {
  for (let first = 0; first < items.length; first += storedAtOnce) {
    context.vault.transaction(() => {
      for (const item of items.slice(first, first + storedAtOnce)) store(item);
    });
    await nextTurn();
  }
}

const storeCertificate = ({ vault }: OperationContext, { row, privateKeyPem }: AdoptedCertificate): void =>
  vault.certificates.insert(row, privateKeyPem);

function storePlant(context: OperationContext, { row, certificates }: AdoptedPlant): void {
  const { credentials, withdrawals } = context.vault;
  insertPlant(context, row);
  for (const { credential, ...certificate } of certificates) {
    storeCertificate(context, certificate);
    // There is no package to hand over: the device has it. A key that was given lies with its certificate.
    credentials.insert(credential, '{}');
    credentials.destroySecrets(credential.credentialId, row.createdAt);
    if (row.status === 'REVOKED') {
      withdrawals.put({ plantId: row.plantId, withdrawnUntil: certificate.row.notAfter });
    }
  }
}

function openImport({ vault }: OperationContext): OpenImport | undefined {
  const text = vault.settings.get(importSetting);
  return text ? importSchema.parse(JSON.parse(text)) : undefined;
}

/** Whether an import was cut off by a crash or a lock, and is not undone yet. */
export const hasCutOffAuthorityImport = (context: OperationContext): boolean => openImport(context) !== undefined;

/** Takes out again what an import that was cut off had stored. */
export async function undoCutOffAuthorityImport(context: OperationContext): Promise<void> {
  const open = openImport(context);
  if (open) await undo(context, open);
}

async function undo(context: OperationContext, { operationId, authorityId, subject, createdAt, plantIds }: OpenImport) {
  const { authorities, operations, plants, registerPages, settings } = context.vault;
  await inTransactions(context, plantIds, (plantId) => {
    if (plants.get(plantId)?.createdAt === createdAt) plants.delete(plantId);
  });
  await dropCrls(context.vault, authorityId);
  context.vault.transaction(() => {
    authorities.forget(authorityId);
    registerPages.forget(authorityId);
    settings.set(importSetting, '');
    if (operations.get(operationId)?.state === 'interrupted') {
      operations.resolve(operationId, 'failed', timestamp(context));
    } else operations.finish(operationId, 'failed', timestamp(context));
    audit(context, 'authority.import-undone', subject);
  });
  for (const part of ['authority', 'plants'] as const) context.changed(part);
}

// The console is an MQTT client too: a certificate of its own authority lets its monitor and its probes in.

import type { CertificateRow } from '../vault/rows/certificates.ts';
import { issueFromAuthority } from './certificates.ts';
import { audit, type OperationContext } from './context.ts';

/** CN, and so MQTT username, of the console's certificate; the brokers' ACL grants it every plant's topics. */
export const consoleUsername = 'voke-console';

const renewBeforeDays = 30;
const dayMilliseconds = 86_400_000;

export type ConsoleIdentity = { readonly certificatePem: string; readonly privateKeyPem: string };

/** The console's certificate and key, issued anew when there is none or it ends soon. Throws `authority/absent`. */
export async function consoleIdentity(context: OperationContext): Promise<ConsoleIdentity> {
  const stored = storedIdentity(context);
  if (stored) return stored;
  return await context.exclusively(async () => {
    const meanwhile = storedIdentity(context);
    if (meanwhile) return meanwhile;
    const { row, privateKeyPem } = await issueFromAuthority(context, {
      profile: { kind: 'console', commonName: consoleUsername },
      keyAlgorithm: 'EC-P256',
    });
    context.vault.transaction(() => {
      context.vault.certificates.insert({ ...row, state: 'active' }, privateKeyPem);
      audit(context, 'console.identity', consoleUsername, { serialNumber: row.serialNumber });
    });
    return { certificatePem: row.certificatePem, privateKeyPem };
  });
}

function storedIdentity(context: OperationContext): ConsoleIdentity | undefined {
  const { certificates } = context.vault;
  // By the old authority as long as brokers trust it: one that was not pushed yet does not know the new one.
  const isTrusted = ({ authorityId }: CertificateRow) => {
    const state = context.vault.authorities.get(authorityId)?.state;
    return state === 'current' || state === 'retiring';
  };
  const newest = certificates
    .list({ kind: 'console', state: 'active' })
    .items.find((row) => isTrusted(row) && !endsSoon(context, row));
  const privateKeyPem = newest && certificates.privateKeyPem(newest.serialNumber);
  return newest && privateKeyPem ? { certificatePem: newest.certificatePem, privateKeyPem } : undefined;
}

export const endsSoon = ({ clock }: OperationContext, { notAfter }: CertificateRow): boolean =>
  Date.parse(notAfter) - clock.now().getTime() < renewBeforeDays * dayMilliseconds;

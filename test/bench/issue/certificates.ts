import { randomUUID } from 'node:crypto';
import { Issuer } from '../../../electron/authority/issuer.ts';
import { issueCertificate } from '../../../electron/authority/leaf.ts';
import { type CreatedAuthority, createAuthority } from '../../../electron/authority/root.ts';
import type { LeafKeyAlgorithm } from '../../../shared/model/certificate.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';

/** The default authority, RSA-4096, as the mTLS document makes it. */
export const benchAuthority = (): Promise<CreatedAuthority> => createAuthority({ now: new Date() });

/** Issues one device certificate at each call. */
export function deviceIssuing(authority: CreatedAuthority, keyAlgorithm: LeafKeyAlgorithm) {
  const issuer = new Issuer(authority);
  return () =>
    issueCertificate({
      authority: issuer,
      profile: { kind: 'device', plantId: plantIdSchema.parse(randomUUID()) },
      keyAlgorithm,
      now: new Date(),
    });
}

// Whether a key that somebody else made may be certified. One that others may have stays lost, whoever asks; and no two
// plants share one (the mTLS document): the broker could not tell them apart once one of them is stolen.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { spkiThumbprint } from '../platform/key-thumbprint.ts';
import type { OperationContext } from './context.ts';

/** `publicKey`: SubjectPublicKeyInfo, DER. Throws `authority/key-compromised`, `authority/key-shared`. */
export function requireOwnSoundKey({ vault }: OperationContext, plantId: PlantId, publicKey: Buffer): void {
  const thumbprint = spkiThumbprint(publicKey);
  if (thumbprint === null) throw new ConsoleError('authority/weak-key');
  const certified = vault.certificates.listByKey(thumbprint);
  const lost = certified.find(({ revocationReason }) => revocationReason === 'keyCompromise');
  if (lost) throw new ConsoleError('authority/key-compromised', { details: { serialNumber: lost.serialNumber } });
  const shared = certified.find((certificate) => certificate.plantId !== plantId);
  if (shared) {
    const { serialNumber, subject } = shared;
    throw new ConsoleError('authority/key-shared', { because: `it is that of ${subject}`, details: { serialNumber } });
  }
}

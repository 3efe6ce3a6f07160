// As whom one can listen. A credential serves as long as its secrets lie in the vault: those that were handed over exist
// on the device alone.

import type { Credential } from '../../../shared/model/provisioning.ts';
import { date } from '../../ui/time.ts';

type Choice =
  | { readonly credential: Credential; readonly because: null }
  | { readonly credential: null; readonly because: string };

const unusable = (because: string): Choice => ({ credential: null, because });

/** Which of a plant's credentials, newest first, serves now (Unix time in milliseconds), or why none does. */
export function listeningCredential(credentials: readonly Credential[], now: number): Choice {
  const live = credentials.filter(({ state }) => state !== 'superseded' && state !== 'revoked');
  const here = live.filter(({ secretsAvailable }) => secretsAvailable);
  const credential = here.find(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now);
  if (credential) return { credential, because: null };
  const [expired] = here;
  if (expired?.expiresAt) return unusable(`Its credential has ended on ${date(expired.expiresAt)}. Issue a new one.`);
  if (live.length > 0) {
    return unusable(
      'The secrets of its credential were handed over: they lie on the device alone. Issue another one, and listen before it is handed over.',
    );
  }
  return unusable(
    credentials.length > 0
      ? 'Its credential was withdrawn. Issue a new one.'
      : 'No credential was issued to it yet. Issue one first.',
  );
}

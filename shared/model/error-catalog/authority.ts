import type { ErrorEntries } from './entry.ts';

/** The authority, what it issues and what is adopted. */
export const authorityErrors = {
  'authority/absent': { status: 409, title: 'This vault has no certificate authority yet. Create one first.' },
  'authority/not-found': { status: 404, title: 'This vault has no certificate authority yet. Create one first.' },
  'authority/key-missing': {
    status: 409,
    title:
      'The private key of the authority is not in this vault any more, or it does not open, so nothing new can be signed. Restore a backup that has it; where there is none, begin the emergency change of authority: the key is lost.',
  },
  'authority/exists': { status: 409, title: 'This vault already has a certificate authority.' },
  'authority/invalid-subject': {
    status: 400,
    title: 'The subject is not a distinguished name. Write it like /C=CZ/O=Acme/CN=Acme Root CA.',
  },
  'authority/invalid-validity': {
    status: 400,
    title: 'The validity does not fit: it must end after it begins and not outlive the authority.',
  },
  'authority/invalid-name': {
    status: 400,
    title: 'A subjectAltName must be a DNS name or an IP address.',
  },
  'authority/invalid-material': {
    status: 422,
    title:
      'The certificate, private key or CRL cannot be read, or they do not belong together. Give PEM files that do.',
  },
  'authority/key-locked': {
    status: 422,
    title: 'The private key is under a passphrase. Give the right one.',
  },
  'authority/request-not-proven': {
    status: 422,
    title:
      'The signature of this certificate request does not fit its key, so its writer does not hold that key, or it was altered. Have a new one made; nothing was issued.',
  },
  'authority/key-compromised': {
    status: 409,
    title:
      'This key was certified before, and revoked because others may have it. Have the device make a new key, and a request for that; nothing was issued.',
  },
  'authority/key-shared': {
    status: 409,
    title:
      'This key is certified for somebody else already, and no two share one. Have the device make a key of its own, and a request for that; nothing was issued.',
  },
  'authority/request-algorithm': {
    status: 422,
    title:
      'This certificate request is signed in a way that this console does not take. Have it signed by RSA (PKCS#1 v1.5) or ECDSA with SHA-256, SHA-384 or SHA-512, or by Ed25519; nothing was issued.',
  },
  'authority/request-for-authority': {
    status: 422,
    title:
      'This certificate request asks for the certificate of an authority, which no plant gets. Have one made without CA:TRUE; nothing was issued.',
  },
  'authority/weak-key': { status: 422, title: 'The key is too short or of a kind that brokers do not take.' },
  'authority/unsupported-key': {
    status: 422,
    title:
      'The console runs no authority with a key of this kind, so nothing was imported. It signs with RSA of 2048, 3072 or 4096 bits, or with EC P-256 or P-384: create a new authority here, and bring its certificates to the plants.',
  },
  'authority/index-invalid': {
    status: 422,
    title: 'The register index.txt cannot be read. Correct the named line; nothing was imported.',
  },
  'authority/import-mismatch': {
    status: 422,
    title: 'The files do not fit together, so nothing was imported. Give those of one and the same authority.',
  },
  'authority/import-incomplete': {
    status: 422,
    title:
      'No authority can be made of these files, so nothing was imported. Choose its certificate together with its private key.',
  },
  'authority/import-not-root': {
    status: 422,
    title:
      'This authority was certified by another one, and brokers need the root itself. Import the root with its key; nothing was imported.',
  },
  'authority/import-too-large': {
    status: 413,
    title:
      'The files are larger than an authority’s ever are, so nothing was imported. Choose only what belongs to it.',
  },
  'authority/import-unreadable': {
    status: 422,
    title: 'A file was damaged on its way, so nothing was imported. Send its content in base64.',
  },
  'authority/import-running': {
    status: 409,
    title: 'An authority is being imported already, or taken back after it was cut off. Wait for the end of that.',
  },
  'authority/not-registered': { status: 404, title: 'The register knows no certificate with this serial number.' },
  'authority/certificate-of-plant': {
    status: 409,
    title:
      'This certificate belongs to a plant, which may have more to come in with. Revoke the plant, or rotate its credential; then this certificate is revoked too.',
  },
  'authority/revocation-left': {
    status: 409,
    title:
      'The revocation cannot be taken back: it has left the console by a push, an export or a download, or there is none. Issue another certificate.',
  },
  'authority/registered-revoked': { status: 409, title: 'This certificate is revoked already.' },
  'authority/vault-not-empty': {
    status: 409,
    title:
      'This vault holds plants already; an authority is imported into an empty vault. Create another vault for it.',
  },
  'authority/token-key-not-found': { status: 404, title: 'There is no token key with this id.' },
  'authority/token-rollover-running': {
    status: 409,
    title: 'A new token key is waiting already. Sign with it and retire the old one before you start another rollover.',
  },
  'authority/token-key-wrong-state': { status: 409, title: 'The token key is not in a state that allows this.' },
  'authority/token-key-not-pushed': {
    status: 409,
    title:
      'Not every broker trusts this token key yet, so its tokens would be refused there. Push to the named brokers first.',
  },
  'authority/token-key-in-use': {
    status: 409,
    title:
      'Plants still hold tokens by this key and would be locked out. Let each of them get a new token first, or insist.',
  },
  'authority/rollover-running': {
    status: 409,
    title: 'A change of authority is under way already. Bring it to its end, or give the next authority up, first.',
  },
  'authority/rollover-wrong-state': { status: 409, title: 'The authority is not in a state that allows this.' },
  'authority/rollover-not-ready': {
    status: 409,
    title:
      'Not everybody trusts the next authority yet, so its certificates would be refused there. Push to the brokers and bring the new CA file to the plants first, or insist.',
  },
  'authority/rollover-in-use': {
    status: 409,
    title:
      'The old authority is still needed: who depends on it would be locked out. Bring new certificates there first, or insist.',
  },
  'authority/trust-incomplete': {
    status: 502,
    title: 'The new CA file did not reach every plant. See the steps of the job; begin it again for the others.',
  },
  'authority/certificate-not-found': { status: 404, title: 'This vault knows no certificate with this serial number.' },
} as const satisfies ErrorEntries;

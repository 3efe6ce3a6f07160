import type { ErrorEntries } from './entry.ts';

/** Rules and the tokens that they judge. */
export const policyErrors = {
  'policy/rules-invalid': { status: 422, title: 'These are no rules. Correct the named places; nothing was changed.' },
  'policy/version-not-found': { status: 404, title: 'There are no rules with this number.' },
  'policy/no-active-rules': {
    status: 409,
    title: 'No rules are in force, so everybody would be denied. Save rules and put them in force first.',
  },
  'policy/tls-required': {
    status: 400,
    title:
      'Beyond this machine the policy service is served over TLS only. Give it a certificate, or a loopback address.',
  },
  'policy/listen-failed': {
    status: 409,
    title: 'The policy service cannot listen there. Look whether the address is of this machine and the port is free.',
  },
  'policy/key-invalid': {
    status: 400,
    title:
      'The key that tokens are checked by cannot be read. Give a public key as PEM, a JWK set or its https address.',
  },
  'policy/key-unreachable': {
    status: 502,
    title: 'The keys that tokens are checked by cannot be fetched. Look at the address of the JWK set.',
  },
  'policy/token-too-large': { status: 413, title: 'The token is larger than any real one. Get a new one.' },
  'policy/token-unreadable': { status: 401, title: 'This is not a signed JWT. Send the access token itself.' },
  'policy/token-algorithm': {
    status: 401,
    title: 'The token is not signed in a way that its key allows. Sign it by RS256, ES256 or EdDSA.',
  },
  'policy/token-signature': {
    status: 401,
    title: 'No trusted key made the signature of this token. Get one from the right issuer.',
  },
  'policy/token-expired': { status: 401, title: 'The token has expired. Get a new one.' },
  'policy/token-not-yet-valid': { status: 401, title: 'The token is not valid yet. Compare the clocks, or wait.' },
  'policy/token-claims': {
    status: 401,
    title:
      'The token lacks a claim, has groups or scopes that are no texts, or was made for somebody else. It needs sub, exp, and the set issuer and audience.',
  },
} as const satisfies ErrorEntries;

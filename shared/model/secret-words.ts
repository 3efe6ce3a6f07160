// What looks like a secret in text that people write: enough to stop a slip of the hand, and no proof of anything.

const signs: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/, 'a signed token'],
  [
    /"(?:password|passphrase|passwd|secret|hmac_?secret|signing_?secret|client_?secret|private_?key|access_?token|api_?key)"\s*:\s*"[^"]+"/i,
    'a password or a secret',
  ],
  [/\bbearer\s+[\w~+/.-]{16,}/i, 'an access token'],
];

/** What it seems to be; undefined when nothing does. */
export const secretIn = (text: string): string | undefined => signs.find(([sign]) => sign.test(text))?.[1];

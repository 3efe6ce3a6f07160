// What a device may use only when its owner allows it: servers from before 2016 or so offer nothing better. Each weakens
// something, and only the operator knows whether the network between makes that bearable. What Electron's crypto library
// does not have (diffie-hellman-group1-sha1, ssh-dss, RC4) stays away whatever is allowed.

/** `name` as in SSH; `weakens` in words for the operator. */
type LegacyAlgorithm<Name extends string> = { readonly name: Name; readonly weakens: string };

const legacy = <const Name extends string>(name: Name, weakens: string): LegacyAlgorithm<Name> => ({ name, weakens });

const sha1Exchange = 'The key exchange is signed over SHA-1, which can be forged with great effort.';
const cbc = 'Somebody on the way who can alter the traffic may learn small parts of it.';

export const legacyAlgorithms = {
  keyExchange: [
    legacy('diffie-hellman-group14-sha1', sha1Exchange),
    legacy(
      'diffie-hellman-group-exchange-sha1',
      `${sha1Exchange} The device also chooses the group, which may be a short one.`,
    ),
  ],
  hostKey: [
    legacy('ssh-rsa', 'The device proves its host key by SHA-1: with great effort somebody else could pass for it.'),
  ],
  cipher: [
    legacy('aes256-cbc', cbc),
    legacy('aes192-cbc', cbc),
    legacy('aes128-cbc', cbc),
    legacy('3des-cbc', `${cbc} Its blocks are short, so that long connections give away more.`),
  ],
  mac: [
    legacy('hmac-sha1-96', 'Altered traffic is noticed by a check of 96 bits only.'),
    legacy('hmac-md5', 'Altered traffic is noticed by a check over MD5, which is broken elsewhere.'),
  ],
} as const;

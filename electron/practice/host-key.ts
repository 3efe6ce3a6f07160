import ssh2 from 'ssh2';

type HostKey = { readonly private: string; readonly public: string };

const isReadable = ({ private: privateKey, public: publicKey }: HostKey): boolean =>
  [privateKey, publicKey].every((key) => !(ssh2.utils.parseKey(key) instanceof Error));

/**
 * A new Ed25519 key of an SSH server in OpenSSH's format. ssh2 1.17 writes about one in 256 of them without a leading
 * zero, which it then refuses to read ("Malformed OpenSSH private key"): such a one is made again. `make` is for a test.
 */
export function newHostKey(make: () => HostKey = () => ssh2.utils.generateKeyPairSync('ed25519')): HostKey {
  for (;;) {
    const key = make();
    if (isReadable(key)) return key;
  }
}

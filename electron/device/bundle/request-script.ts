// A request kit: makes a private key on the device and brings a certificate request back on the stick. The key never
// leaves the device. Everything here is public, so a stick may have been tampered with on its way: the kit shows a check
// value of the key, for the engineer to compare with what the console reads from the request.

import { createHash } from 'node:crypto';
import type { LeafKeyAlgorithm } from '../../../shared/model/certificate.ts';
import { quote } from '../../remote/shell/script.ts';
import { plainDirectory } from '../deploy.ts';
import { ancestorsOf } from '../generation-script.ts';
import { stickScript } from './stick-script.ts';

/** Below the target directory: the key that waits for its certificate. */
export const pendingDirectory = '.pending';

export type RequestKit = {
  readonly plantId: string;
  /** For whoever reads the file's first lines. */
  readonly plantName: string;
  readonly writtenAt: Date;
  readonly directory: string;
  readonly keyAlgorithm: LeafKeyAlgorithm;
};

/**
 * Half of the key's SHA-256, in groups that two people can compare: `3f2a 91bc …`.
 * `publicKey` is a SubjectPublicKeyInfo, DER.
 */
export const keyCheckOf = (publicKey: Uint8Array): string =>
  createHash('sha256')
    .update(publicKey)
    .digest('hex')
    .slice(0, 32)
    .replaceAll(/.{4}(?=.)/g, '$& ');

/** The text of the kit's file. Throws `device/invalid-directory`. */
export function renderRequestKit({ plantId, plantName, writtenAt, keyAlgorithm, ...kit }: RequestKit): string {
  const directory = plainDirectory(kit.directory);
  const heading = [
    `Voke Console: makes a key and a certificate request of ${plantName} (${plantId}), written ${writtenAt.toISOString()}.`,
    'Run it on the device with  sh  and the name of this file. It holds no secret.',
  ];
  const body = `plant=${quote(plantId)}
directory=${quote(directory)}
ancestors=${quote(ancestorsOf(directory).join(' '))}
key_options=${quote(keyOptions(keyAlgorithm))}
${requestSteps}`;
  return stickScript(heading, body);
}

/** Of `openssl genpkey`; a named curve also where an old version would write its parameters out. */
function keyOptions(algorithm: LeafKeyAlgorithm): string {
  switch (algorithm) {
    case 'RSA-2048':
    case 'RSA-3072':
    case 'RSA-4096':
      return `-algorithm RSA -pkeyopt rsa_keygen_bits:${algorithm.slice(4)}`;
    case 'EC-P256':
    case 'EC-P384':
      return `-algorithm EC -pkeyopt ec_paramgen_curve:${algorithm.replace('EC-P', 'P-')} -pkeyopt ec_param_enc:named_curve`;
    case 'Ed25519':
      return '-algorithm ED25519';
  }
}

const requestSteps = `pending=$directory/${pendingDirectory}
key=$pending/device.key
request=$beside.csr

if [ -L "$directory" ]; then fail symbolic-link "$directory"; fi
deepest=/
for path in $ancestors; do
  if [ -d "$path" ]; then deepest=$path
  elif [ -e "$path" ] || [ -L "$path" ]; then fail not-a-directory "$path"
  fi
done
if [ ! -w "$deepest" ] || [ ! -x "$deepest" ]; then fail not-writable "$deepest"; fi
for path in "$pending" "$key"; do
  if [ -L "$path" ]; then fail symbolic-link "$path"; fi
done
if [ -e "$pending" ] && [ ! -d "$pending" ]; then fail not-a-directory "$pending"; fi
if [ -e "$key" ] && [ ! -f "$key" ]; then fail not-a-regular-file "$key"; fi

if [ ! -d "$directory" ]; then
  (umask 022 && mkdir -p "$directory") || fail key-not-made "$directory"
fi
if [ ! -d "$pending" ]; then mkdir "$pending" || fail key-not-made "$pending"; fi
trap 'rm -f "$key.part" "$pending/request.cnf" "$pending/request.csr"' EXIT
trap 'exit 1' HUP INT TERM PIPE

# A key that waits already is used again: its answer may be on the way.
if ! openssl pkey -in "$key" -noout 2>/dev/null; then
  openssl genpkey $key_options -out "$key.part" 2>/dev/null || fail key-not-made "$pending"
  openssl pkey -in "$key.part" -noout 2>/dev/null || fail key-not-made "$pending"
  chmod 0600 "$key.part" || fail key-not-made "$pending"
  case $(ls -ld "$key.part") in
    -rw-------*) ;;
    *) fail mode-not-kept "$key" ;;
  esac
  sync
  mv -f "$key.part" "$key" || fail key-not-made "$pending"
  sync
fi

# A configuration of its own: small devices have none, and openssl insists on one.
echo "[req]
distinguished_name = name
prompt = no
[name]
CN = $plant" | cat >"$pending/request.cnf" || fail key-not-made "$pending"
openssl req -new -sha256 -config "$pending/request.cnf" -key "$key" -out "$pending/request.csr" 2>/dev/null ||
  fail key-not-made "$pending"
cp "$pending/request.csr" "$request.part" 2>/dev/null &&
  cmp -s "$pending/request.csr" "$request.part" &&
  sync &&
  mv -f "$request.part" "$request" &&
  sync || fail no-request "$request"

check=$(openssl pkey -in "$key" -pubout -outform DER | hash_input | sed -e 's/^\\(.\\{32\\}\\).*/\\1/' -e 's/..../& /g')
tell "The key is made and stays here. Bring $request to the console, and compare there:"
echo "Key check: $check" >&2`;

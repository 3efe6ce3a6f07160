// A bundle: one file for one device, which installs what is encrypted in it. It is the script of a deployment without a
// connection: the same swap, the same previous generation, the same mending of what was cut off.
// - The script is open to everybody and holds no secret. What it brings is encrypted to the one-time code.
// - The code comes from the keyboard and goes on to openssl through a pipe; plain text exists in the shell's memory and
//   in the stage on the device, never on the stick.
// - The receipt proves that its writer has opened the bundle: it is authenticated by a secret that only lies in there.

import { deviceFileNames } from '../../../shared/model/device-files.ts';
import { quote } from '../../remote/shell/script.ts';
import { plainDirectory } from '../deploy.ts';
import { type DeploymentFile, obsoleteNames } from '../files.ts';
import { generationFunctions } from '../generation-script.ts';
import { acceptFunction } from '../install-script.ts';
import { renderContents } from './contents.ts';
import { sealToPassphrase } from './envelope.ts';
import { receiptFunctions } from './receipt-script.ts';
import { pendingDirectory } from './request-script.ts';
import { stickScript } from './stick-script.ts';

export type Bundle = {
  readonly bundleId: string;
  readonly plantId: string;
  /** For whoever reads the file's first lines. */
  readonly plantName: string;
  readonly writtenAt: Date;
  readonly directory: string;
  readonly files: readonly DeploymentFile[];
  /** The key of `device.crt` was made on the device and lies there (request-script.ts). */
  readonly keyIsOnDevice: boolean;
  /** `user` or `user:group` of the MQTT client. */
  readonly owner: string | null;
  /** When all certificates and tokens in it hold. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly receiptSecret: string;
};

/** The text of the bundle's file. Throws `device/invalid-directory`. */
export async function renderBundle(bundle: Bundle, passphrase: string): Promise<string> {
  const { files, keyIsOnDevice } = bundle;
  const directory = plainDirectory(bundle.directory);
  const names = keyIsOnDevice
    ? [...files.map(({ name }) => name), keyName, ...obsoleteNames(files).filter((name) => name !== keyName)]
    : [...files.map(({ name }) => name), ...obsoleteNames(files)];
  if (names.length !== deviceFileNames.length) throw new TypeError('a bundle brings files of known names only');
  const body = `bundle=${quote(bundle.bundleId)}
plant=${quote(bundle.plantId)}
directory=${quote(directory)}
owner=${quote(bundle.owner ?? '')}
valid_from=${seconds(bundle.notBefore)}
valid_until=${seconds(bundle.notAfter)}
record=
${generationFunctions(directory, names)}
${acceptFunction}
${receiptFunctions}
${openingFunctions}
${keyIsOnDevice ? keyFunctions : ''}
if openssl no-cms >/dev/null 2>&1; then fail tool-missing 'openssl with "cms"'; fi
check_target
${keyIsOnDevice ? 'check_pending' : ''}
check_clock
check_plant
open_bundle
open_stage
for name in ${files.map(({ name }) => name).join(' ')}; do
  section "$name" | openssl base64 -d | cat >"$stage/$name" || fail install-failed "$name"
done
secret=$(section receipt)
set -- $(section manifest)
contents=
while [ $# -ge 4 ]; do
  accept "$3" "$4" "$1" "$2"
  shift 4
done
${keyIsOnDevice ? 'take_key' : ''}
keep_previous
commit
report
${keyIsOnDevice ? 'rm -rf "$pending"' : ''}
write_receipt
tell "Installed in $directory. Restart the MQTT client, and bring $receipt back to the console."`;
  const heading = [
    `Voke Console: credentials of ${bundle.plantName} (${bundle.plantId}), written ${bundle.writtenAt.toISOString()}.`,
    'Run it on the device with  sh  and the name of this file; it asks for the one-time code.',
    'What follows the script is encrypted to that code.',
  ];
  return stickScript(heading, body, await sealToPassphrase(renderContents(bundle), passphrase));
}

const keyName = 'device.key';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

const openingFunctions = `
# Where a shell cannot compare numbers of this size, it goes on: the console sees the device's clock in the receipt.
check_clock() {
  now=$(date -u +%s)
  if [ "$now" -lt "$valid_from" ] 2>/dev/null || [ "$now" -gt "$valid_until" ] 2>/dev/null; then
    confirm "The clock of this device says $(date -u), which lies outside the time in which these credentials hold. It would trust no broker. Set the clock first."
  fi
}

check_plant() {
  held=
  if [ -r "$directory/connection.json" ]; then
    held=$(sed -n 's/.*"plantId": *"\\([0-9A-Fa-f-]*\\)".*/\\1/p' "$directory/connection.json")
  fi
  if [ -n "$held" ] && [ "$held" != "$plant" ]; then
    confirm "This device holds the credentials of another plant, $held. This bundle is for $plant, so it may be the wrong device."
  fi
}

# What is hard to tell apart on paper is put right: O is 0, I and L are 1. Nothing is shown while it is typed.
read_code() {
  if [ -t 0 ]; then
    trap 'stty echo; exit 1' HUP INT TERM
    stty -echo 2>/dev/null || tell 'What you type will be seen.'
  fi
  echo 'One-time code:' >&2
  typed=
  read -r typed || ended=yes
  if [ -t 0 ]; then
    stty echo 2>/dev/null
    trap - HUP INT TERM
  fi
  code=$(echo "$typed" | tr -cd '0-9A-Za-z' | tr 'a-z' 'A-Z' | tr 'ILO' '110')
  typed=
  [ -n "$code" ]
}

open_contents() {
  contents=$(echo "$code" | openssl cms -decrypt -binary -inform PEM -in "$self" -inkey "$self" -passin stdin 2>/dev/null) || contents=
  code=
  expected=\${contents%%
*}
  [ -n "$contents" ] && [ "$(echo "$contents" | sed 1d | hash_input)" = "$expected" ]
}

open_bundle() {
  ended=
  for attempt in 1 2 3; do
    if read_code && open_contents; then return 0; fi
    if [ -n "$ended" ]; then break; fi
    if [ "$attempt" -lt 3 ]; then tell 'This code does not open the bundle. Try again.'; fi
  done
  contents=
  fail wrong-code
}

section() { echo "$contents" | sed -e "1,/^=$1\\$/d" -e '/^=/,$d'; }
`;

/** The key stays where it was made until its certificate is beside it. A second run finds it among the live files. */
const keyFunctions = `
pending=$directory/${pendingDirectory}

check_pending() {
  for path in "$pending" "$pending/${keyName}"; do
    if [ -L "$path" ]; then fail symbolic-link "$path"; fi
  done
}

take_key() {
  wanted=$(openssl x509 -in "$stage/device.crt" -noout -pubkey)
  for key in "$pending/${keyName}" "$directory/${keyName}"; do
    if [ -f "$key" ] && [ "$(openssl pkey -in "$key" -pubout 2>/dev/null)" = "$wanted" ]; then
      cat "$key" >"$stage/${keyName}" || fail install-failed ${keyName}
      accept 0600 -rw------- ${keyName} "$(hash_of "$key")"
      return 0
    fi
  done
  fail key-missing "$directory"
}
`;

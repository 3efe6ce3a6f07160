// What the scripts on a stick have in common, in shell. Somebody runs them on the device by hand, perhaps with gloves:
// no options, sentences instead of codes, and nothing changed unless the last line says so.

import { environmentSettings, hashFunctions, quote } from '../../remote/shell/script.ts';
import { sha256 } from '../install-script.ts';

/** What stands at the top of a script, for whoever opens it. One line each. */
export type Heading = readonly string[];

/**
 * A script around `body`, a function's body; `data` follows it, and is never run. `body` finds its own path in `$self`
 * and what belongs beside it under `$beside`. A file that was damaged on its way does not begin.
 */
export function stickScript(heading: Heading, body: string, data = ''): string {
  const text = (whole: string) => `#!/bin/sh
${heading.map((line) => `# ${line.replaceAll(/\p{Cc}+/gu, ' ')}\n`).join('')}
main() {
${wholePrefix}${quote(whole)}
${common}
${body}
}
main
exit
${data}`;
  return text(hashWithout(text('')));
}

const wholePrefix = 'whole=';

/** As the script takes it of itself: without the line that carries it. */
const hashWithout = (script: string): string =>
  sha256(
    script
      .split('\n')
      .filter((line) => !line.startsWith(wholePrefix))
      .join('\n'),
  );

/** Every tool that is called, so that a device without one is told before anything begins. */
const neededTools = 'cat chmod chown cmp cp date id ls mkdir mv openssl rm rmdir sed sleep sync tr';

const common = `${environmentSettings}
# Told apart from a scheme that openssl might see before a colon.
case $0 in
  /*) self=$0 ;;
  *) self=./$0 ;;
esac
beside=\${self%.sh}

fail() {
  case $1 in
    damaged) tell "This file is not as it was written. Copy it from the console again; nothing was changed." ;;
    tool-missing) tell "This device has no $2, which is needed here. Nothing was changed." ;;
    stick-not-writable) tell "$2 cannot be written to, so what the console waits for could not be brought back. Make the stick writable, or make room on it; nothing was changed." ;;
    no-receipt) tell "The files are installed, but the receipt $2 could not be written. Make room on the stick and run this again: it changes nothing on the device, and writes the receipt." ;;
    no-request) tell "The request $2 could not be written. Make room on the stick and run this again." ;;
    wrong-code) tell "This code does not open the bundle. Nothing was changed." ;;
    stopped) tell "Stopped. Nothing was changed." ;;
    symbolic-link) tell "$2 is a symbolic link. Replace it by what belongs there; nothing was changed." ;;
    not-a-directory) tell "$2 is not a directory. Remove it; nothing was changed." ;;
    not-a-regular-file) tell "$2 is not a file. Remove it; nothing was changed." ;;
    not-writable) tell "$2 cannot be written to. Run this as root, or make its file system writable; nothing was changed." ;;
    mode-not-kept) tell "The file system does not keep file modes, so everyone on this device could read the key. Nothing was changed." ;;
    hash-mismatch) tell "$2 did not become what was sent; the disk may be full or damaged. Nothing was changed." ;;
    installation-running) tell "Another installation is at work in $2. Wait until it has ended; nothing was changed." ;;
    key-missing) tell "No private key in $2 fits this certificate. It belongs to another device, or the key was lost: make a new request here. Nothing was changed." ;;
    key-not-made) tell "The private key could not be made in $2. The disk may be full; nothing else was changed." ;;
    unconfirmed) tell "It failed at $2, and what was there before could not be put back. Run this again." ;;
    *) tell "It failed at $2. The disk may be full or read-only; what was there before was kept." ;;
  esac
  exit 1
}
tell() { echo "voke: $*" >&2; }

${hashFunctions}

for tool in ${neededTools}; do
  command -v "$tool" >/dev/null 2>&1 || fail tool-missing "$tool"
done
[ "$(sed '/^${wholePrefix}/d' "$self" 2>/dev/null | hash_input)" = "$whole" ] || fail damaged
# Some shells call a directory writable that lies on a read-only file system.
{ (echo >"$beside.part") 2>/dev/null && rm -f "$beside.part"; } || fail stick-not-writable "\${self%/*}/"

# Asks about something that is probably a mistake.
confirm() {
  tell "$1"
  echo 'Type yes to go on all the same:' >&2
  read -r typed || typed=
  [ "$typed" = yes ] || fail stopped
}`;

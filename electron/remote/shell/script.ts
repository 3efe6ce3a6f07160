// Shell text for PLCs and brokers' hosts alike: POSIX sh and the usual small tools, no `install`, no `stat -c`.
// - A script is one function and its call on the last line: a shell that received only a part of it runs nothing.
// - Programs are few: a small controller starts them slowly, and many devices are worked on at once.
// - It answers in lines that begin with a nonce of this one run, so that a banner or a profile cannot speak for it.
// - File contents travel as quoted here-documents, never as arguments, which every user of the device could read.

/** `value` as one word of a shell, whatever is in it. */
export const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** Throws TypeError unless `name` is a file name that no shell and no directory reads as anything else. */
export function plainName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new TypeError(`not a plain file name: ${JSON.stringify(name)}`);
}

/** A whole script around `body`, which may use the functions below, `$nonce` and `$directory`. */
export const wholeScript = (nonce: string, directory: string, body: string): string => `main() {
nonce=${quote(nonce)}
directory=${quote(directory)}
${commonFunctions}
say begin
${body}
}
main
`;

/** Every new file is its owner's alone, and tools speak one language. */
export const environmentSettings = `umask 077
LC_ALL=C
export LC_ALL`;

/** Needs `say` and `fail`. */
export const hashFunctions = `if command -v sha256sum >/dev/null 2>&1; then
  hash_input() { sha256sum | { read -r hash rest && echo "$hash"; }; }
  hash_files() { sha256sum "$@"; }
elif command -v openssl >/dev/null 2>&1; then
  hash_input() { openssl dgst -sha256 -r | { read -r hash rest && echo "$hash"; }; }
  hash_files() { openssl dgst -sha256 -r "$@"; }
else
  fail tool-missing sha256sum
fi

hash_of() { hash_input <"$1"; }

# Of those names from $2 on that are files in the directory $1; two programs, however many they are.
describe() {
  at=$1
  shift
  for described in "$@"; do
    shift
    if [ -f "$at/$described" ]; then set -- "$@" "$described"; fi
  done
  [ $# -gt 0 ] || return 0
  hashes=$(cd "$at" && hash_files "$@" 2>/dev/null)
  shown=$(cd "$at" && ls -ldn "$@")
  for described in "$@"; do
    find_hash "$described"
    while read -r mode links user group rest; do
      if [ "\${rest##* }" = "$described" ]; then say file "$described" "$hash" "$mode" "$user" "$group"; fi
    done <<END_OF_LIST
$shown
END_OF_LIST
  done
}

# Leaves in $hash what hash_files told of this name, in $hashes.
find_hash() {
  hash=-
  while read -r told file; do
    if [ "\${file#[*]}" = "$1" ]; then hash=$told; fi
  done <<END_OF_LIST
$hashes
END_OF_LIST
}`;

const commonFunctions = `${environmentSettings}

say() { echo "$nonce $*"; }

fail() {
  say failed "$@"
  exit 1
}

${hashFunctions}`;

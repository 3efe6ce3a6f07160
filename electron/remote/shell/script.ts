// Shell text for PLCs and brokers' hosts alike: POSIX sh and the usual small tools, no `install`, no `stat -c`.
// - A script is one function and its call on the last line: a shell that received only a part of it runs nothing.
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
elif command -v openssl >/dev/null 2>&1; then
  hash_input() { openssl dgst -sha256 -r | { read -r hash rest && echo "$hash"; }; }
else
  fail tool-missing sha256sum
fi

hash_of() { hash_input <"$1"; }

describe() {
  hash=$(hash_of "$1/$2" 2>/dev/null)
  [ -n "$hash" ] || hash=-
  set -- "$2" $(ls -ldn "$1/$2")
  say file "$1" "$hash" "$2" "$4" "$5"
}`;

const commonFunctions = `${environmentSettings}

say() { echo "$nonce $*"; }

fail() {
  say failed "$@"
  exit 1
}

${hashFunctions}`;

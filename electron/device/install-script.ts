import { createHash } from 'node:crypto';
import { symbolicMode } from '../remote/shell/modes.ts';
import { quote, wholeScript } from '../remote/shell/script.ts';
import type { DeploymentFile } from './files.ts';
import { generationFunctions } from './generation-script.ts';

export type Installation = {
  /** Random hex of this one run; marks its answers and its stage. */
  readonly nonce: string;
  readonly directory: string;
  readonly files: readonly DeploymentFile[];
  /** Names that must be gone afterwards; the previous generation keeps them. */
  readonly obsolete: readonly string[];
  /** Names whose files stay as they are, and belong to the set all the same. */
  readonly kept?: readonly string[];
  /** `user` or `user:group`; left out, the files belong to the login. */
  readonly owner?: string;
};

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/**
 * The script that replaces what `directory` holds by `files` as one step, or changes nothing and says why. `receive`:
 * shell text that puts one file into the stage; left out, the script carries them all itself.
 */
export function renderInstallScript(
  { nonce, directory, files, obsolete, kept = [], owner }: Installation,
  receive: (file: DeploymentFile, nonce: string) => string = receiveHere,
): string {
  const names = [...files.map((file) => file.name), ...obsolete, ...kept];
  return wholeScript(
    nonce,
    directory,
    `${generationFunctions(directory, names)}
owner=${quote(owner ?? '')}
${acceptFunction}

check_target
open_stage
${files.map((file) => receive(file, nonce)).join('')}${acceptAll(files)}${kept.map(keep).join('')}keep_previous
commit
report`,
  );
}

const keep = (name: string): string => `if [ -f "$directory"/${quote(name)} ]; then
  cp -p "$directory"/${quote(name)} "$stage"/${quote(name)} || fail install-failed ${quote(name)}
  note ${quote(name)} "$(hash_of "$stage"/${quote(name)})"
fi
`;

/** Takes staged files as part of the next set. Needs `$owner` and generation-script.ts. */
export const acceptFunction = `
# mode, that mode as ls shows it, then name and SHA-256 of each file
accept() {
  mode=$1
  mode_shown=$2
  shift 2
  expected=$*
  accepted=
  while [ $# -gt 0 ]; do
    accepted="$accepted $1"
    shift 2
  done
  hashes=$(cd "$stage" && hash_files $accepted)
  if [ -n "$owner" ]; then (cd "$stage" && chown "$owner" $accepted) || fail install-failed "$stage"; fi
  (cd "$stage" && chmod "$mode" $accepted) || fail install-failed "$stage"
  shown=$(cd "$stage" && ls -ld $accepted)
  set -- $expected
  while [ $# -gt 0 ]; do
    find_hash "$1"
    [ "$hash" = "$2" ] || fail hash-mismatch "$1"
    mode_kept=
    while read -r told rest; do
      case "$told \${rest##* }" in
        "$mode_shown"*" $1") mode_kept=yes ;;
      esac
    done <<END_OF_LIST
$shown
END_OF_LIST
    [ -n "$mode_kept" ] || fail mode-not-kept "$1"
    note "$1" "$2"
    shift 2
  done
}
`;

/** `cat` reads whole lines, as most files end; `dd` stops at the byte where the content of the others really ends. */
function receiveHere({ name, content }: DeploymentFile, nonce: string): string {
  const isLines = content.endsWith('\n');
  const into = `"$stage"/${quote(name)}`;
  const copy = isLines ? `cat >${into}` : `dd bs=1 count=${Buffer.byteLength(content)} of=${into}`;
  return `${copy} <<'END-${nonce}' || fail install-failed ${quote(name)}
${isLines || content === '' ? content : `${content}\n`}END-${nonce}
`;
}

/** One call of `accept` for all files of a mode. */
export function acceptAll(files: readonly DeploymentFile[]): string {
  const byMode = Map.groupBy(files, ({ mode }) => mode);
  return [...byMode]
    .map(([mode, alike]) => {
      const expected = alike.map(({ name, content }) => `${quote(name)} ${sha256(content)}`).join(' ');
      return `accept ${mode.toString(8).padStart(4, '0')} ${quote(symbolicMode(mode))} ${expected}\n`;
    })
    .join('');
}

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
${files.map((file) => receive(file, nonce)).join('')}${files.map(accept).join('')}${kept.map(keep).join('')}keep_previous
commit
report`,
  );
}

const keep = (name: string): string => `if [ -f "$directory"/${quote(name)} ]; then
  cp -p "$directory"/${quote(name)} "$stage"/${quote(name)} || fail install-failed ${quote(name)}
  note ${quote(name)} "$(hash_of "$stage"/${quote(name)})"
fi
`;

/** Takes a staged file as part of the next set. Needs `$owner` and generation-script.ts. */
export const acceptFunction = `
# name, SHA-256, mode, and that mode as ls shows it
accept() {
  [ "$(hash_of "$stage/$1")" = "$2" ] || fail hash-mismatch "$1"
  if [ -n "$owner" ]; then chown "$owner" "$stage/$1" || fail install-failed "$1"; fi
  chmod "$3" "$stage/$1" || fail install-failed "$1"
  case $(ls -ld "$stage/$1") in
    "$4"*) ;;
    *) fail mode-not-kept "$1" ;;
  esac
  note "$1" "$2"
}
`;

/** A here-document always ends with a line end; `dd` stops at the byte where the content really ends. */
function receiveHere({ name, content }: DeploymentFile, nonce: string): string {
  const body = content.endsWith('\n') || content === '' ? content : `${content}\n`;
  return `dd bs=1 count=${Buffer.byteLength(content)} of="$stage"/${quote(name)} <<'END-${nonce}' || fail install-failed ${quote(name)}
${body}END-${nonce}
`;
}

const accept = ({ name, mode, content }: DeploymentFile): string =>
  `accept ${quote(name)} ${sha256(content)} ${mode.toString(8).padStart(4, '0')} ${quote(symbolicMode(mode))}\n`;

import { randomHex } from '../platform/random.ts';
import type { Statement } from '../remote/shell/answer.ts';
import { permissionBits } from '../remote/shell/modes.ts';
import { plainName, quote, wholeScript } from '../remote/shell/script.ts';
import { readAnswer } from './answer.ts';
import { plainDirectory } from './deploy.ts';
import type { DeviceShell } from './device-shell.ts';
import { ancestorsOf } from './generation-script.ts';
import { type DeviceState, stateOf, stateStatements } from './read-state.ts';

/** What a deployment calls on the device. */
const neededTools = 'cat chmod chown cmp cp date dd id ls mkdir mv rm rmdir sleep sync';

/** What one look at a device shows. Null where it has no way to tell. */
export type Observation = {
  readonly state: DeviceState;
  readonly userName: string | null;
  readonly elevators: readonly string[];
  /** The program that runs our scripts, such as `/bin/busybox`. */
  readonly shell: string | null;
  readonly missingTools: readonly string[];
  /** Set where files go over SFTP and nothing runs on the device: what the server can do with files. */
  readonly sftp: { readonly canReplace: boolean; readonly canFlush: boolean } | null;
  /** Where the target directory's file system is mounted, or a path on it. */
  readonly mount: { readonly point: string; readonly type: string | null; readonly isReadOnly: boolean } | null;
  readonly freeKib: number | null;
  /** The target directory, or the deepest of its parents that is there. */
  readonly target: {
    readonly path: string;
    readonly mode: number;
    readonly owner: string;
    readonly group: string;
    readonly isWritable: boolean;
  } | null;
  readonly obstacles: readonly { readonly kind: Obstacle; readonly path: string }[];
  /** Whether the device knows the user and group that the files shall belong to; null when none are wanted. */
  readonly isOwnerKnown: boolean | null;
};

export type Obstacle = 'symbolic-link' | 'not-a-directory' | 'not-a-regular-file';

/**
 * Looks at everything that a deployment into `directory` depends on; changes nothing.
 * `owner`: `user` or `user:group`, of plain characters. Throws `device/tool-missing` where no hash can be taken, and like `readState`.
 */
export async function observe(
  shell: DeviceShell,
  options: {
    readonly directory: string;
    readonly names: readonly string[];
    readonly owner?: string | undefined;
    /** Beside those that every installation needs. */
    readonly moreTools?: readonly string[];
    readonly timeoutMs?: number;
  },
): Promise<Observation> {
  const { names, owner = '', moreTools = [], timeoutMs = 30_000 } = options;
  const directory = plainDirectory(options.directory);
  for (const name of [...names, ...moreTools]) plainName(name);
  const nonce = randomHex(16);
  const script = wholeScript(
    nonce,
    directory,
    preflightBody({ directory, names, owner, tools: [neededTools, ...moreTools] }),
  );
  return observationOf(readAnswer(await shell.run(script, { timeoutMs }), nonce));
}

function observationOf(statements: readonly Statement[]): Observation {
  const all = (word: string) => statements.filter((statement) => statement.word === word).map(({ values }) => values);
  const first = (word: string) => all(word)[0];
  const text = (word: string) => first(word)?.[0] || null;
  const [path, mode = '', owner = '', group = ''] = first('target') ?? [];
  const [point, type = '', access] = first('mount') ?? [];
  const free = text('free');
  return {
    state: stateOf(statements),
    userName: text('name'),
    elevators: all('elevator').flat(),
    shell: text('shell'),
    missingTools: all('missing').flat(),
    sftp: null,
    mount: point ? { point, type, isReadOnly: access === 'ro' } : null,
    freeKib: free !== null && /^\d{1,15}$/.test(free) ? Number(free) : null,
    target: path
      ? { path, mode: permissionBits(mode), owner, group, isWritable: first('writable') !== undefined }
      : null,
    obstacles: all('obstacle').flatMap(([kind, at = '']) => (isObstacle(kind) ? [{ kind, path: at }] : [])),
    isOwnerKnown: first('owner') ? text('owner') === 'known' : null,
  };
}

const isObstacle = (kind: string | undefined): kind is Obstacle =>
  kind === 'symbolic-link' || kind === 'not-a-directory' || kind === 'not-a-regular-file';

type Looked = {
  readonly directory: string;
  readonly names: readonly string[];
  readonly owner: string;
  readonly tools: readonly string[];
};

const preflightBody = ({ directory, names, owner, tools }: Looked): string => {
  const [user = '', group = ''] = owner.split(':');
  return `${stateStatements(names)}
say name "$(id -un)"
for tool in sudo doas; do
  if command -v "$tool" >/dev/null 2>&1; then say elevator "$tool"; fi
done
say shell "$(readlink "/proc/$$/exe" 2>/dev/null)"
for tool in ${tools.join(' ')}; do
  command -v "$tool" >/dev/null 2>&1 || say missing "$tool"
done

deepest=/
for path in ${ancestorsOf(directory).join(' ')}; do
  if [ -d "$path" ]; then deepest=$path
  elif [ -e "$path" ] || [ -L "$path" ]; then say obstacle not-a-directory "$path"
  fi
done
for path in "$directory" "$directory/.previous" "$directory/.replaced" "$directory/.incoming" "$directory/.arriving"; do
  if [ -L "$path" ]; then say obstacle symbolic-link "$path"
  elif [ -e "$path" ] && [ ! -d "$path" ] && [ "$path" != "$directory" ]; then say obstacle not-a-directory "$path"
  fi
done
for name in $names .installing; do
  path=$directory/$name
  if [ -L "$path" ]; then say obstacle symbolic-link "$path"
  elif [ -e "$path" ] && [ ! -f "$path" ]; then say obstacle not-a-regular-file "$path"
  fi
done
if [ -w "$deepest" ] && [ -x "$deepest" ]; then say writable; fi
set -- $(ls -ld "$deepest")
say target "$deepest" "$1" "$3" "$4"
set -- $(df -Pk "$deepest" 2>/dev/null | tail -n 1)
say free "$4"

# The mount whose point is the longest part of the path; of two at the same point, the later one hides the other.
if [ -r /proc/mounts ]; then
  real=$(cd "$deepest" && pwd -P)
  point=
  while read -r source where kind options rest; do
    case $real/ in
      "\${where%/}"/*)
        if [ "\${#where}" -ge "\${#point}" ]; then
          point=$where
          type=$kind
          case ,$options, in *,ro,*) access=ro ;; *) access=rw ;; esac
        fi
        ;;
    esac
  done </proc/mounts
  if [ -n "$point" ]; then say mount "$point" "$type" "$access"; fi
fi

user=${quote(user)}
group=${quote(group)}
if [ -n "$user" ]; then
  known=known
  id -u "$user" >/dev/null 2>&1 || known=unknown
  if [ -n "$group" ] && ! grep "^$group:" /etc/group >/dev/null 2>&1; then known=unknown; fi
  say owner "$known"
fi
say done`;
};

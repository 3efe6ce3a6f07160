// How a directory goes from one whole set of files to the next, in shell. Used by installation and rollback alike:
// both fill `$stage` with the complete next set, then call keep_previous, commit and report.
// - The directory is made 0755, so that the MQTT client's user can reach its files; the secrets in it are 0600,
//   and `.incoming.*` and `.previous` are 0700. A directory that is there already keeps its mode.
// - `$stage` lies in the same directory, so that every `mv` is a rename. It is removed however the script ends.
// - The previous set is kept before anything is moved. It is not replaced when the set that is there already equals the
//   next one (a repeated deployment), nor when an earlier run was cut off among its moves (`.installing` tells).
// - Signals are ignored while files are moved: a lost connection does not leave a mix.

import { quote } from '../remote/shell/script.ts';

/** `names`: every name this run may write or remove. A name without a file in the stage is removed from the directory. */
export const generationFunctions = (nonce: string, directory: string, names: readonly string[]): string => `
names=${quote(names.join(' '))}
ancestors=${quote(ancestorsOf(directory).join(' '))}
stage=$directory/.incoming.${nonce}
previous=$directory/.previous
installing=$directory/.installing
created=
same=yes

check_target() {
  if [ -L "$directory" ]; then fail symbolic-link "$directory"; fi
  deepest=/
  for path in $ancestors; do
    if [ -d "$path" ]; then deepest=$path
    elif [ -e "$path" ] || [ -L "$path" ]; then fail not-a-directory "$path"
    fi
  done
  if [ ! -w "$deepest" ] || [ ! -x "$deepest" ]; then fail not-writable "$deepest"; fi
  for name in $names .installing; do
    path=$directory/$name
    if [ -L "$path" ]; then fail symbolic-link "$path"; fi
    if [ -e "$path" ] && [ ! -f "$path" ]; then fail not-a-regular-file "$path"; fi
  done
  if [ -L "$previous" ]; then fail symbolic-link "$previous"; fi
  if [ -e "$previous" ] && [ ! -d "$previous" ]; then fail not-a-directory "$previous"; fi
}

clean_up() {
  rm -rf "$stage"
  if [ -n "$created" ]; then rmdir "$directory" 2>/dev/null; fi
}

open_stage() {
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM PIPE
  if [ ! -d "$directory" ]; then
    (umask 022 && mkdir -p "$directory") || fail install-failed "$directory"
    created=yes
  fi
  rm -rf "$directory"/.incoming.*
  mkdir "$stage" || fail install-failed "$stage"
}

keep_previous() {
  for name in $names; do
    if [ -f "$stage/$name" ]; then cmp -s "$stage/$name" "$directory/$name" || same=
    elif [ -e "$directory/$name" ]; then same=
    fi
  done
  if [ -d "$previous" ]; then
    if [ -n "$same" ] || [ -e "$installing" ]; then return 0; fi
  fi
  mkdir "$stage/.kept" || fail install-failed "$stage"
  for name in $names; do
    if [ -f "$directory/$name" ]; then
      cp -p "$directory/$name" "$stage/.kept/$name" || fail install-failed "$name"
    fi
  done
  rm -rf "$previous" || fail install-failed "$previous"
  mv "$stage/.kept" "$previous" || fail install-failed "$previous"
}

move_in() {
  if [ -f "$stage/$1" ]; then mv -f "$stage/$1" "$directory/$1"; else rm -f "$directory/$1"; fi
}

put_back() {
  if [ -z "$same" ]; then
    for old in $names; do
      rm -f "$stage/$old"
      if [ -f "$previous/$old" ]; then cp -p "$previous/$old" "$stage/$old" || fail unconfirmed "$old"; fi
      move_in "$old" || fail unconfirmed "$old"
    done
  fi
  rm -f "$installing"
}

commit() {
  sync
  trap '' HUP INT TERM PIPE
  touch "$installing" || fail install-failed "$installing"
  for name in $names; do
    move_in "$name" || {
      put_back
      fail install-failed "$name"
    }
  done
  rm -f "$installing"
  sync
}

report() {
  for name in $names; do
    if [ -f "$directory/$name" ]; then describe "$directory" "$name"; fi
  done
  say done
}
`;

/** `/a/b` -> `/a`, `/a/b`. */
export const ancestorsOf = (directory: string): string[] =>
  directory
    .split('/')
    .slice(1)
    .map((_, index, parts) => `/${parts.slice(0, index + 1).join('/')}`);

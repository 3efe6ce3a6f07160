// How a directory goes from one whole set of files to the next, in shell. Used by installation and rollback alike:
// both fill `$stage` with the complete next set, note what they put there, then call keep_previous, commit and report.
// - The directory is made 0755, so that the MQTT client's user can reach its files; the secrets in it are 0600,
//   and `.incoming` and `.previous` are 0700. A directory that is there already keeps its mode.
// - `$stage` lies in the same directory, so that every `mv` is a rename. It is removed however the script ends.
// - `$stage` is also the turn: a shell goes on with its moves when its connection is lost, and a second one that cleared
//   its stage would have it remove live files. Whose it is stands in it (stage-holder-script.ts).
// - The previous set is kept before anything is moved. It is not replaced when the set that is there already equals the
//   next one (a repeated deployment).
// - `.replaced` is the set that was kept until now. It is kept again unless the new set was moved in whole, so that a run
//   that was cut off takes nothing away that one could go back to.
// - `.arriving` is what scp brought, or a part of it (scp/deploy-by-scp.ts). Whoever has the turn clears it away.
// - Signals are ignored while files are moved: a lost connection does not leave a mix.
// - A power cut or a kill among the moves does. `.installing` stands from before the first move, on disk, until after the
//   last, and says what the new set is: whoever comes next finds the new set whole, or puts the previous one back.

import { quote } from '../remote/shell/script.ts';
import { stageHolderFunctions } from './stage-holder-script.ts';

/** `names`: every name this run may write or remove. A name without a file in the stage is removed from the directory. */
export const generationFunctions = (directory: string, names: readonly string[]): string => `
names=${quote(names.join(' '))}
ancestors=${quote(ancestorsOf(directory).join(' '))}
stage=$directory/.incoming
arriving=$directory/.arriving
previous=$directory/.previous
replaced=$directory/.replaced
installing=$directory/.installing
created=
mine=
moves=
same=yes
${stageHolderFunctions}

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
  for path in "$previous" "$replaced" "$stage" "$arriving"; do
    if [ -L "$path" ]; then fail symbolic-link "$path"; fi
    if [ -e "$path" ] && [ ! -d "$path" ]; then fail not-a-directory "$path"; fi
  done
}

clean_up() {
  if [ -n "$mine" ]; then
    keep_replaced
    rm -rf "$stage" "$arriving"
  fi
  if [ -n "$created" ]; then rmdir "$directory" 2>/dev/null; fi
}

open_stage() {
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM PIPE
  if [ ! -d "$directory" ]; then
    (umask 022 && mkdir -p "$directory") || fail install-failed "$directory"
    created=yes
  fi
  if [ -d "$stage" ]; then
    if stage_is_held; then fail installation-running "$directory"; fi
    rm -rf "$stage"
  fi
  mkdir "$stage" || fail install-failed "$stage"
  mine=yes
  process_of $$ | cat >"$stage/.holder" || fail install-failed "$stage"
  mend
}

# Only while the files of an earlier run that was cut off among its moves lie there.
mend() {
  if [ ! -e "$installing" ]; then :
  elif is_whole; then
    rm -rf "$replaced"
    rm -f "$installing"
    say mended finished
  elif [ -d "$previous" ]; then
    same=
    put_back
    same=yes
    went_back=yes
    say mended put-back
  fi
  keep_replaced
}

keep_replaced() {
  if [ -d "$replaced" ] && [ ! -e "$installing" ]; then
    rm -rf "$previous"
    mv "$replaced" "$previous"
  fi
}

is_whole() {
  for name in $names; do
    next=
    while read -r moved hash; do
      if [ "$moved" = "$name" ]; then next=$hash; fi
    done <"$installing"
    case $next in
      '') return 1 ;;
      -) if [ -e "$directory/$name" ]; then return 1; fi ;;
      *) [ "$(hash_of "$directory/$name" 2>/dev/null)" = "$next" ] || return 1 ;;
    esac
  done
}

# Notes that the stage holds the next file of this name, and its hash.
note() {
  moves="$moves$1 $2
"
}

keep_previous() {
  for name in $names; do
    if [ -f "$stage/$name" ]; then cmp -s "$stage/$name" "$directory/$name" || same=
    elif [ -e "$directory/$name" ]; then same=
    fi
  done
  # A mix that has no previous set to be mended by must not become one.
  if [ -e "$installing" ]; then return 0; fi
  if [ -d "$previous" ] && [ -n "$same" ]; then return 0; fi
  mkdir "$stage/.kept" || fail install-failed "$stage"
  present=
  for name in $names; do
    if [ -f "$directory/$name" ]; then present="$present $directory/$name"; fi
  done
  if [ -n "$present" ]; then cp -p $present "$stage/.kept/" || fail install-failed "$stage"; fi
  if [ -d "$previous" ]; then mv "$previous" "$replaced" || fail install-failed "$replaced"; fi
  mv "$stage/.kept" "$previous" || fail install-failed "$previous"
}

move_in() {
  if [ -f "$stage/$1" ]; then mv -f "$stage/$1" "$directory/$1"; else rm -f "$directory/$1"; fi
}

put_back() {
  if [ -z "$same" ]; then
    [ -d "$previous" ] || fail unconfirmed "$directory"
    for old in $names; do
      rm -f "$stage/$old"
      if [ -f "$previous/$old" ]; then cp -p "$previous/$old" "$stage/$old" || fail unconfirmed "$old"; fi
      move_in "$old" || fail unconfirmed "$old"
    done
    sync
  fi
  rm -f "$installing"
}

commit() {
  for name in $names; do
    if [ ! -f "$stage/$name" ]; then note "$name" -; fi
  done
  echo "$moves" | cat >"$stage/.moves" || fail install-failed "$stage"
  trap '' HUP INT TERM PIPE
  mv -f "$stage/.moves" "$installing" || fail install-failed "$installing"
  sync
  for name in $names; do
    move_in "$name" || {
      put_back
      fail install-failed "$name"
    }
  done
  sync
  rm -rf "$replaced"
  rm -f "$installing"
}

report() {
  describe "$directory" $names
  say done
}
`;

/** `/a/b` -> `/a`, `/a/b`. */
export const ancestorsOf = (directory: string): string[] =>
  directory
    .split('/')
    .slice(1)
    .map((_, index, parts) => `/${parts.slice(0, index + 1).join('/')}`);

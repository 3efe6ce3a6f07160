// A push in shell, for a broker's host that has nothing of ours: POSIX sh, base64, gzip and the usual small tools.
//   DIR/NAME                   what the broker reads
//   DIR/.voke/live             the push that wrote it, when, and the names it wrote
//   DIR/.voke/push/            only while a push is under way: made by one mkdir, so there is one push at a time
//     mark, id, step           whose it is and how far it has come
//     staged/NAME              the next files, where they differ; never read by the broker
//     after                    name and hash of every file of the next set
//     previous/NAME, .about    copies of what was live; complete once `before` is there, which lists their names
//     rejected                 what undoing took away
//   DIR/.voke/generations/ID/  older sets
// - The directory may be a mount point and hold files of others, so files are renamed one by one, not directories.
//   A push that was cut off between two renames is undone by the same rule as a whole one.
// - Whether something can be undone is told by `before` and `previous`, not by `step`: undoing can begin again wherever
//   it was cut off, and needs no space on the disk.
// - Signals are ignored while files are moved: a lost connection does not stop it there.

import { quote, wholeScript } from '../../../remote/shell/script.ts';

export type PushScript = {
  /** Random hex of this one run; marks its answers. */
  readonly nonce: string;
  readonly directory: string;
  /** The names that the profiles use. */
  readonly names: readonly string[];
  /** `user`, `user:group` or numbers; null leaves the files to whoever runs the script. */
  readonly owner: string | null;
};

/** One word of base64: whatever is in it, it stays one word of an answer. */
export type EncodedMark = string;

const script = ({ nonce, directory, names, owner }: PushScript, body: string): string =>
  wholeScript(
    nonce,
    directory,
    `profile=${quote(names.join(' '))}\nowner=${quote(owner ?? '')}\n${pushFunctions}\n${body}`,
  );

/** Files and mark as they are now. Changes nothing. */
export const renderReadScript = (from: PushScript): string =>
  script(
    from,
    `check_directory
list "$directory" "$profile $(written_names)"
say_mark
done_here`,
  );

/** The contents of `names` in `part` of the directory (`''`: the live files). */
export const renderContentScript = (from: PushScript, part: string, names: readonly string[]): string =>
  script(
    from,
    `need gzip base64
at=$directory${part === '' ? '' : `/${quote(part)}`}
for name in ${names.map(quote).join(' ')}; do
  if [ -f "$at/$name" ]; then
    printf '%s content %s ' "$nonce" "$name"
    gzip -c <"$at/$name" | base64 | tr -d '\\n'
    echo
  fi
done
done_here`,
  );

/** Makes the push's directory and its mark; where there is a push already, says its mark and ends. */
export const openSteps = (pushId: string, mark: EncodedMark): string => `check_writable
no_signals
if [ ! -d "$state" ]; then mkdir "$state" || [ -d "$state" ] || failed_write "$state"; fi
if ! mkdir "$push"; then
  [ -d "$push" ] || failed_write "$push"
  say_mark
  done_here
fi
{ echo ${quote(pushId)} >"$push/id" && echo ${quote(mark)} >"$push/mark" && note opened; } || {
  rm -rf "$push"
  failed_write "$push"
}`;

export const renderOpenScript = (from: PushScript, pushId: string, mark: EncodedMark): string =>
  script(from, `${openSteps(pushId, mark)}\nsay opened\ndone_here`);

export type StagedFile = {
  readonly name: string;
  readonly sha256: string;
  /** Such as `600`. */
  readonly mode: string;
  /** Such as `-rw-------`. */
  readonly symbolicMode: string;
  /** gzip, then base64 in lines; null: the live file already has this content and mode. */
  readonly packed: string | null;
};

/** Takes the next set of `names` in, each by its part of `receiving`, and keeps copies of what is live. */
export const stageSteps = (
  pushId: string,
  writtenAt: string,
  names: readonly string[],
  receiving: string,
): string => `check_writable
check_push ${quote(pushId)}
[ ! -e "$push/swapped" ] || fail already-swapped "$push"
next=${quote(names.join(' '))}
rm -rf "$push/before" "$push/previous" "$push/staged" "$push/after" || failed_write "$push"
mkdir "$push/staged" "$push/previous" || failed_write "$push"
find_owner
for name in $next $profile $(written_names); do
  check_file "$directory/$name"
done
${receiving}keep_copies ${quote(pushId)} ${quote(writtenAt)}
note staged || failed_write "$push/step"
sync`;

export const renderStageScript = (
  from: PushScript,
  pushId: string,
  writtenAt: string,
  files: readonly StagedFile[],
): string => {
  const names = files.map(({ name }) => name);
  const receiving = files.map((file) => renderStaged(file, from.nonce)).join('');
  return script(
    from,
    `need gzip base64
${stageSteps(pushId, writtenAt, names, receiving)}
list "$push/staged" "$next"
done_here`,
  );
};

const renderStaged = ({ name, sha256, mode, symbolicMode, packed }: StagedFile, nonce: string): string =>
  packed === null
    ? `keep_live ${quote(name)} ${sha256} ${mode} ${quote(symbolicMode)}\n`
    : `receive ${quote(name)} ${sha256} ${mode} ${quote(symbolicMode)} <<'END-${nonce}'\n${packed}END-${nonce}\n`;

/** Checks what was staged once more, and moves it in. */
export const swapSteps = (pushId: string): string => `check_writable
check_push ${quote(pushId)}
[ -f "$push/before" ] && [ -f "$push/after" ] || fail not-staged "$push"
while read -r name hash; do
  if [ -f "$push/staged/$name" ]; then [ "$(hash_of "$push/staged/$name")" = "$hash" ] || fail hash-mismatch "$name"
  else [ "$(hash_of "$directory/$name" 2>/dev/null)" = "$hash" ] || fail hash-mismatch "$name"
  fi
done <"$push/after"
for name in $(next_names) $(cat "$push/before"); do
  same_as_previous "$name" || [ "$(hash_of "$directory/$name" 2>/dev/null)" = "$(hash_after "$name")" ] || fail changed-meanwhile "$name"
done
no_signals
true >"$push/swapped"
for name in $(next_names); do
  if [ -f "$push/staged/$name" ]; then
    mv -f "$push/staged/$name" "$directory/$name" || {
      put_back
      failed_write "$name"
    }
  fi
done
for name in $(written_names); do
  listed "$name" "$(next_names)" || rm -f "$directory/$name" || {
    put_back
    failed_write "$name"
  }
done
note swapped
sync`;

export const renderSwapScript = (from: PushScript, pushId: string): string =>
  script(from, `${swapSteps(pushId)}\nlist "$directory" "$(next_names)"\ndone_here`);

export const renderNoteScript = (from: PushScript, pushId: string, step: string): string =>
  script(
    from,
    `check_push ${quote(pushId)}
note ${quote(step)}
done_here`,
  );

/** Puts back what was live before the push; the push stays open. Says which names it took away, also in earlier runs. */
export const renderRestoreScript = (from: PushScript, pushId: string): string =>
  script(
    from,
    `check_push ${quote(pushId)}
no_signals
put_back
if [ -f "$push/rejected" ]; then for name in $(cat "$push/rejected"); do say rejected "$name"; done; fi
list "$directory" "$profile $(written_names)"
done_here`,
  );

/** Ends the push, after undoing. */
export const renderReleaseScript = (from: PushScript, pushId: string): string =>
  script(
    from,
    `check_push ${quote(pushId)}
no_signals
rm -rf "$push" || failed_write "$push"
done_here`,
  );

/** Ends the push: the files stay, and what was before becomes a generation when it was another. */
export const keepSteps = (
  pushId: string,
  startedAt: string,
  keptGenerations: number,
): string => `check_push ${quote(pushId)}
no_signals
same=yes
for name in $(next_names) $(cat "$push/before"); do
  same_as_previous "$name" || same=
done
if [ -f "$push/after" ]; then
  echo ${quote(pushId)} ${quote(startedAt)} $(next_names) >"$state/live.new" && mv -f "$state/live.new" "$state/live" || failed_write "$state/live"
fi
if [ -d "$push/previous" ] && [ -z "$same" ] && [ -n "$(cat "$push/before")" ]; then
  read -r id rest <"$push/previous/.about"
  mkdir -p "$generations" && rm -rf "$generations/$id" && mv "$push/previous" "$generations/$id" && touch "$generations/$id" || failed_write "$generations"
fi
rm -rf "$push" || failed_write "$push"
if [ -d "$generations" ]; then
  ls -1t "$generations" | tail -n +${keptGenerations + 1} | while read -r id; do rm -rf "$generations/$id"; done
fi`;

export const renderKeepScript = (
  from: PushScript,
  pushId: string,
  startedAt: string,
  keptGenerations: number,
): string => script(from, `${keepSteps(pushId, startedAt, keptGenerations)}\ndone_here`);

/** Each generation as `id writtenAt`. */
export const renderGenerationsScript = (from: PushScript): string =>
  script(
    from,
    `check_directory
for about in "$generations"/*/.about; do
  if [ -f "$about" ]; then
    read -r id written rest <"$about"
    say generation "$id" "$written"
  fi
done
done_here`,
  );

/** The files of one generation. */
export const renderGenerationScript = (from: PushScript, generationId: string): string =>
  script(
    from,
    `at=$generations/${quote(generationId)}
[ -f "$at/.about" ] || fail no-such-generation ${quote(generationId)}
read -r id written names <"$at/.about"
list "$at" "$names"
done_here`,
  );

/** The part of the directory that holds a generation, for `renderContentScript`. */
export const generationPart = (generationId: string): string => `.voke/generations/${generationId}`;

/** What the steps are made of; wants `profile` (names that count) and `owner`. */
export const pushFunctions = `state=$directory/.voke
push=$state/push
generations=$state/generations

done_here() {
  say done
  exit 0
}

need() {
  for tool in "$@"; do command -v "$tool" >/dev/null 2>&1 || fail tool-missing "$tool"; done
}

# a shell's own echo does not say why it could not write: a full disk shows in what cat complains of
failed_write() {
  echo probe | cat >"$directory/.voke-probe"
  rm -f "$directory/.voke-probe"
  fail write-failed "$1"
}

check_directory() {
  if [ -d "$directory" ]; then return 0; fi
  if [ -e "$directory" ]; then fail not-a-directory "$directory"; fi
  fail directory-missing "$directory"
}

check_writable() {
  check_directory
  { [ -w "$directory" ] && [ -x "$directory" ]; } || fail not-writable "$directory"
}

check_file() {
  if [ -L "$1" ]; then fail not-a-regular-file "$1"; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then fail not-a-regular-file "$1"; fi
}

check_push() {
  [ -d "$push" ] || fail no-such-push "$1"
  if [ -f "$push/id" ]; then [ "$(cat "$push/id")" = "$1" ] || fail no-such-push "$1"; fi
}

no_signals() { trap '' HUP INT TERM PIPE; }

note() { echo "$1" >"$push/step.new" && mv -f "$push/step.new" "$push/step"; }

say_mark() {
  if [ -d "$push" ]; then say mark "$(cat "$push/step" 2>/dev/null || echo opened)" "$(cat "$push/mark" 2>/dev/null)"; fi
}

listed() {
  for word in $2; do
    if [ "$word" = "$1" ]; then return 0; fi
  done
  return 1
}

# each name once, where it is a file
list() {
  once=
  for name in $2; do
    listed "$name" "$once" || once="$once $name"
  done
  describe "$1" $once
}

written_names() {
  if [ -f "$state/live" ]; then
    read -r id written names <"$state/live"
    echo "$names"
  fi
}

next_names() {
  if [ -f "$push/after" ]; then while read -r name hash; do echo "$name"; done <"$push/after"; fi
}

hash_after() {
  while read -r name hash; do
    if [ "$name" = "$1" ]; then echo "$hash"; fi
  done <"$push/after"
}

same_as_previous() {
  if [ -f "$push/previous/$1" ]; then cmp -s "$push/previous/$1" "$directory/$1"
  else [ ! -e "$directory/$1" ]
  fi
}

owner_of() {
  set -- $(ls -ldn "$1")
  echo "$3"
}

wanted_owner=
find_owner() {
  if [ -n "$owner" ]; then
    true >"$push/owned" && chown "$owner" "$push/owned" || fail owner-not-set "$owner"
    wanted_owner=$(owner_of "$push/owned")
  fi
}

# name, SHA-256, mode, and that mode as ls shows it
finish_staged() {
  [ "$(hash_of "$push/staged/$1")" = "$2" ] || fail hash-mismatch "$1"
  if [ -n "$owner" ]; then chown "$owner" "$push/staged/$1" || fail owner-not-set "$owner"; fi
  chmod "$3" "$push/staged/$1" || failed_write "$1"
  case $(ls -ld "$push/staged/$1") in
    "$4"*) ;;
    *) fail mode-not-kept "$1" ;;
  esac
  echo "$1 $2" >>"$push/after" || failed_write "$push/after"
}

receive() {
  base64 -d | gzip -dc >"$push/staged/$1" || failed_write "$1"
  finish_staged "$@"
}

# only its owner may be wrong: then it is staged after all
keep_live() {
  if [ -n "$owner" ] && [ "$(owner_of "$directory/$1")" != "$wanted_owner" ]; then
    cp "$directory/$1" "$push/staged/$1" || failed_write "$1"
    finish_staged "$@"
  else
    [ "$(hash_of "$directory/$1" 2>/dev/null)" = "$2" ] || fail changed-meanwhile "$1"
    echo "$1 $2" >>"$push/after" || failed_write "$push/after"
  fi
}

# push id, time: what is live now, found or written by an earlier push
keep_copies() {
  copied=
  for name in $next $profile $(written_names); do
    if [ -f "$directory/$name" ] && ! listed "$name" "$copied"; then
      cp -p "$directory/$name" "$push/previous/$name" || failed_write "$name"
      cmp -s "$directory/$name" "$push/previous/$name" || failed_write "$name"
      copied="$copied $name"
    fi
  done
  id=found-before-$1 written=$2
  if [ -f "$state/live" ]; then read -r id written names <"$state/live"; fi
  echo "$id $written$copied" >"$push/previous/.about" || failed_write "$push"
  echo $copied >"$push/before.new" && mv -f "$push/before.new" "$push/before" || failed_write "$push"
}

put_back() {
  if [ ! -f "$push/before" ] || [ ! -d "$push/previous" ]; then return 0; fi
  for name in $(next_names) $(cat "$push/before"); do
    if [ -f "$push/previous/$name" ] && ! same_as_previous "$name"; then echo "$name" >>"$push/rejected"; fi
    if ! listed "$name" "$(cat "$push/before")" && [ -e "$directory/$name" ]; then echo "$name" >>"$push/rejected"; fi
  done
  for name in $(cat "$push/before"); do
    if [ -f "$push/previous/$name" ]; then
      if same_as_previous "$name"; then rm -f "$push/previous/$name"
      else mv -f "$push/previous/$name" "$directory/$name" || fail unconfirmed "$name"
      fi
    fi
  done
  for name in $(next_names); do
    if ! listed "$name" "$(cat "$push/before")"; then rm -f "$directory/$name" || fail unconfirmed "$name"; fi
  done
  # it names this push when keeping it was cut off
  case $(cat "$state/live" 2>/dev/null) in
    "$(cat "$push/id")"*) rm -f "$state/live" ;;
  esac
  sync
}
`;

// install.sh: what a push does over a connection, done by hand on the broker's own machine. It shares the shell text of
// a push, so that a console that reaches the broker later finds what it would have left there itself.
// - Whatever goes wrong before its last step, the previous files are live and in effect again when it ends.
// - It needs a POSIX shell and the usual small tools; nothing is fetched.

import { createHash } from 'node:crypto';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import { symbolicMode } from '../../remote/shell/modes.ts';
import { plainName, quote, wholeScript } from '../../remote/shell/script.ts';
import { fileNames } from '../file-names.ts';
import { needOf } from '../plan.ts';
import { keepSteps, openSteps, pushFunctions, stageSteps, swapSteps } from '../targets/shell/push-script.ts';
import { composeName, dropInName, filesDirectory } from './names.ts';

export type InstallScriptInput = {
  /** Random hex; marks what this script leaves on the broker's machine. */
  readonly exportId: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** Where a Mosquitto that runs as a service reads its configuration. */
  readonly configDirectory: string;
  readonly containerName: string;
  readonly files: BrokerFiles;
  /** The other files that the script uses, by their names in the archive. */
  readonly templates: Readonly<Record<typeof composeName | typeof dropInName, string>>;
};

const keptGenerations = 5;

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

export function renderInstallScript(input: InstallScriptInput): string {
  const { exportId, writtenAt, files, templates } = input;
  for (const { name } of files) plainName(name);
  const pushId = `export-${exportId}`;
  const mark = { pushId, startedBy: 'install.sh', startedAt: writtenAt, wasRunning: true };
  const encodedMark = Buffer.from(JSON.stringify(mark)).toString('base64');
  const names = files.map(({ name }) => name);
  const restartNames = names.filter((name) => needOf([name]) === 'restart');
  const receiving = files
    .map(({ name, content, mode }) => {
      const facts = `${sha256(content)} ${mode.toString(8)} ${quote(symbolicMode(mode))}`;
      return `take ${quote(name)} ${facts}\n`;
    })
    .join('');

  const body = `${words}
directory=\${directory_given:-$directory}
profile=${quote(Object.values(fileNames).join(' '))}
restart_names=${quote(restartNames.join(' '))}
${pushFunctions}
${steps}
say_mark() { fail push-in-progress "$directory"; }

check_archive ${quote(composeName)} ${sha256(templates[composeName])}
check_archive ${quote(dropInName)} ${sha256(templates[dropInName])}
make_directory
undo_cut_run
was_running=
if is_running; then was_running=yes; fi
${openSteps(pushId, encodedMark)}
trap leave EXIT
${stageSteps(pushId, writtenAt, names, receiving)}
find_need
${swapSteps(pushId)}
place_templates
swapped=yes
take_effect "$need" || fail start-failed "$directory"
${keepSteps(pushId, writtenAt, keptGenerations)}
kept=yes
echo "The broker runs with the new configuration ($need)."`;
  return `${head(input)}\n${wholeScript(exportId, input.configDirectory, body)}`;
}

const head = ({ configDirectory, containerName }: InstallScriptInput): string => `#!/bin/sh
# Puts this archive's configuration in force on the machine that it is run on, or changes nothing.
# Written by Voke Console.

usage() {
  cat <<'END'
sh install.sh --systemd [OPTIONS]     Mosquitto is a service
sh install.sh --docker [OPTIONS]      Mosquitto is in a container
sh install.sh --pid-file FILE --start COMMAND [OPTIONS]
                                      Mosquitto is started by something else

  --directory DIR   where the files go (service: ${configDirectory})
  --owner USER      whom they belong to (service: mosquitto, container: 1883:1883)
  --unit NAME       the service (mosquitto)
  --container NAME  the container (${containerName})
  --home DIR        where compose.yaml goes, and the files below it (/opt/voke-broker)
  --runtime NAME    docker or podman (docker)
  --log FILE        Mosquitto's log, with --pid-file: an error in it puts the previous files back
  --recover         an earlier run was cut off: undo it first
END
}

mode= directory_given= owner=- unit=mosquitto container=${quote(containerName)} home=/opt/voke-broker runtime=docker
pid_file= start= log_file= recover=
here=$(cd "$(dirname "$0")" && pwd) || exit 1
systemd_units=\${SYSTEMD_UNITS:-/etc/systemd/system}

while [ $# -gt 0 ]; do
  case $1 in
    --systemd) mode=systemd ;;
    --docker) mode=docker ;;
    --recover) recover=yes ;;
    --help) usage && exit 0 ;;
    --pid-file | --start | --directory | --owner | --unit | --container | --home | --runtime | --log)
      [ $# -gt 1 ] || { usage >&2 && exit 2; }
      case $1 in
        --pid-file) mode=pid-file pid_file=$2 ;;
        --start) start=$2 ;;
        --directory) directory_given=$2 ;;
        --owner) owner=$2 ;;
        --unit) unit=$2 ;;
        --container) container=$2 ;;
        --home) home=$2 ;;
        --runtime) runtime=$2 ;;
        --log) log_file=$2 ;;
      esac
      shift
      ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

case $mode in
  systemd) [ "$owner" != - ] || owner=mosquitto ;;
  docker)
    [ "$owner" != - ] || owner=1883:1883
    directory_given=\${directory_given:-$home/${filesDirectory}}
    ;;
  pid-file)
    [ -n "$start" ] || { usage >&2 && exit 2; }
    [ "$owner" != - ] || owner=
    ;;
  *) usage >&2 && exit 2 ;;
esac`;

/** Instead of answers for a console: sentences for a person. */
const words = `say() { :; }

fail() {
  case $1 in
    hash-mismatch) echo "install.sh: $2 is not what was packed. Unpack the archive again; nothing was changed." ;;
    push-in-progress) echo "install.sh: another push to $2 is under way, or was cut off. Wait for it to end; when an earlier run of install.sh was cut off, call it again with --recover." ;;
    tool-missing) echo "install.sh: this machine has no $2. Install it; nothing was changed." ;;
    not-writable | directory-missing | not-a-directory) echo "install.sh: $2 cannot be written to. Run it as root; nothing was changed." ;;
    owner-not-set) echo "install.sh: the files cannot be given to $2. Run it as root, or name another --owner; nothing was changed." ;;
    not-a-regular-file) echo "install.sh: $2 is not a file. Remove it; nothing was changed." ;;
    start-failed) echo "install.sh: the broker did not take the new files, so the previous ones are put back." ;;
    *) echo "install.sh: it failed at $2 ($1)." ;;
  esac >&2
  exit 1
}`;

const steps = `opened= swapped= kept= placed=

check_archive() {
  [ "$(hash_of "$here/$1" 2>/dev/null)" = "$2" ] || fail hash-mismatch "$1"
}

make_directory() {
  if [ ! -d "$directory" ]; then (umask 022 && mkdir -p "$directory") || fail directory-missing "$directory"; fi
}

undo_cut_run() {
  if [ -z "$recover" ] || [ ! -f "$push/id" ]; then return 0; fi
  case $(cat "$push/id") in
    export-*) put_back && rm -rf "$push" ;;
  esac
}

# name, SHA-256, mode, and that mode as ls shows it
take() {
  cp "$here/${filesDirectory}/$1" "$push/staged/$1" || fail hash-mismatch "$1"
  finish_staged "$@"
}

find_need() {
  need=nothing
  for name in $(next_names); do
    if ! cmp -s "$push/staged/$name" "$push/previous/$name"; then
      if listed "$name" "$restart_names"; then need=restart
      elif [ "$need" = nothing ]; then need=reload
      fi
    fi
  done
}

place_templates() {
  case $mode in
    systemd)
      template=$here/${dropInName}
      target=$systemd_units/$unit.service.d/voke-console.conf
      ;;
    docker)
      template=$here/${composeName}
      target=$home/${composeName}
      ;;
    *) return 0 ;;
  esac
  if cmp -s "$template" "$target"; then return 0; fi
  if [ -f "$target" ]; then cp -p "$target" "$push/template" || fail write-failed "$target"; fi
  placed=$target
  (umask 022 && mkdir -p "$(dirname "$target")" && cp "$template" "$target") || fail write-failed "$target"
  if [ "$mode" = systemd ]; then
    systemctl daemon-reload || fail write-failed "$target"
    need=restart
  fi
}

take_templates_back() {
  if [ -z "$placed" ]; then return 0; fi
  if [ -f "$push/template" ]; then cp -p "$push/template" "$placed"; else rm -f "$placed"; fi
  if [ "$mode" = systemd ]; then systemctl daemon-reload; fi
}

# whatever ends the script early, what was there before is live and in effect again
leave() {
  if [ -n "$kept" ] || [ ! -d "$push" ]; then return 0; fi
  put_back
  take_templates_back
  if [ -n "$swapped" ]; then
    if [ -n "$was_running" ]; then start_again >/dev/null 2>&1; else stop_it >/dev/null 2>&1; fi
  fi
  rm -rf "$push"
}

process_id() { cat "$pid_file" 2>/dev/null; }

container_exists() { "$runtime" inspect "$container" >/dev/null 2>&1; }

is_running() {
  case $mode in
    systemd) systemctl is-active --quiet "$unit" ;;
    docker) [ "$("$runtime" inspect -f '{{.State.Running}}' "$container" 2>/dev/null)" = true ] ;;
    pid-file) kill -0 "$(process_id)" 2>/dev/null ;;
  esac
}

reload_it() {
  case $mode in
    systemd) systemctl reload "$unit" ;;
    docker) "$runtime" exec "$container" kill -HUP 1 ;;
    pid-file) kill -HUP "$(process_id)" ;;
  esac
}

stop_it() {
  case $mode in
    systemd) systemctl stop "$unit" ;;
    docker) "$runtime" stop "$container" ;;
    pid-file)
      if is_running; then kill "$(process_id)"; fi
      for second in 1 2 3 4 5 6 7 8 9 10; do
        if ! is_running; then return 0; fi
        sleep 1
      done
      ;;
  esac
}

start_again() {
  case $mode in
    systemd) systemctl restart "$unit" ;;
    docker)
      if container_exists; then "$runtime" restart "$container"
      else (cd "$home" && { "$runtime" compose up -d 2>/dev/null || "$runtime-compose" up -d; })
      fi
      ;;
    pid-file) stop_it && sh -c "$start" ;;
  esac
}

log_lines() { if [ -n "$log_file" ] && [ -f "$log_file" ]; then wc -l <"$log_file"; else echo 0; fi; }

read_log() {
  case $mode in
    systemd) journalctl -u "$unit" --since "@$began" -o cat 2>/dev/null ;;
    docker) "$runtime" logs --since "$began" "$container" 2>&1 ;;
    pid-file) if [ -n "$log_file" ]; then tail -n "+$((lines_before + 1))" "$log_file" 2>/dev/null; fi ;;
  esac
}

# the need; a broker that does not run is started. Mosquitto 2.0 goes on without a file that it cannot read, open to
# everyone: an error in its log is a failure.
take_effect() {
  effect=$1
  if ! is_running; then effect=restart; fi
  if [ "$effect" = nothing ]; then return 0; fi
  sleep 1
  began=$(date +%s)
  lines_before=$(log_lines)
  case $effect in
    reload)
      word='Reloading config'
      reload_it >/dev/null || return 1
      ;;
    restart)
      word='mosquitto version .* running'
      start_again >/dev/null || return 1
      ;;
  esac
  for second in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    is_running || break
    if read_log | grep -q "$word"; then break; fi
    if [ -z "$(read_log)" ] && [ "$second" -ge 3 ]; then break; fi
  done
  sleep 1
  if is_running && ! read_log | grep -q 'Error: '; then return 0; fi
  read_log | grep 'Error: ' | tail -n 5 >&2
  return 1
}`;

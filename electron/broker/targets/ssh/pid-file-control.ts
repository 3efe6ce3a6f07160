// A Mosquitto that is known by its pid file only: started by an init script, or by hand. Needs Linux's /proc.
// - A process that has the number but is no mosquitto is never signalled: numbers are used again.
// - Starting it again means running what ran: its command line is noted while it runs, with where its standard error
//   goes, in the state directory of the console. Where nothing was noted, Mosquitto is started with the configuration
//   directory's mosquitto.conf.

import { posix } from 'node:path';
import { quote } from '../../../remote/shell/script.ts';
import { fileNames } from '../../file-names.ts';
import type { BrokerControl, LogSearch, ShellHost } from '../shell-host.ts';
import { ask, askVersion, linesOf, search, tell } from './ask.ts';

export class PidFileControl implements BrokerControl {
  readonly #host: ShellHost;
  readonly #functions: string;

  /** Both absolute, as the host sees them. */
  constructor(host: ShellHost, pidFile: string, configDirectory: string) {
    this.#host = host;
    this.#functions = functions(pidFile, configDirectory);
  }

  version(): Promise<string> {
    return askVersion(this.#host);
  }

  async isRunning(): Promise<boolean> {
    return (await tell(this.#host, `${this.#functions}\nif find_pid; then echo running; fi`)).trim() === 'running';
  }

  async reload(): Promise<void> {
    await tell(this.#host, `${this.#functions}\nfind_pid || exit 1\nnote_command\nkill -HUP "$pid"`);
  }

  async restart(): Promise<void> {
    await tell(
      this.#host,
      `${this.#functions}\nif find_pid; then note_command; end_it; fi\nstart_it`,
      'broker/start-failed',
    );
  }

  async stop(): Promise<void> {
    await tell(this.#host, `${this.#functions}\nif find_pid; then note_command; end_it; fi`);
  }

  /** Whether its present configuration lets Mosquitto write the file: then the next one must, too. */
  async isWrittenByBroker(): Promise<boolean> {
    const { stdout } = await ask(
      this.#host,
      `${this.#functions}\nwhile read -r key value; do if [ "$key $value" = "pid_file $pid_file" ]; then echo yes; fi; done <"$conf"`,
    );
    return stdout.trim() === 'yes';
  }

  /** Its standard error, where that is a file. */
  async log(lines: number): Promise<readonly string[]> {
    const { stdout } = await ask(
      this.#host,
      `${this.#functions}\nif find_pid; then note_command; fi\nif [ -f "$log" ]; then tail -n ${lines} "$log"; fi`,
    );
    return linesOf(stdout);
  }

  search(wanted: LogSearch): Promise<readonly string[]> {
    const found = `${this.#functions}\nif find_pid; then note_command; fi\n{ if [ -f "$log" ]; then tail -n $lines "$log"; fi; }`;
    return search(this.#host, found, wanted);
  }
}

const functions = (pidFile: string, configDirectory: string): string => `
pid_file=${quote(pidFile)}
state=${quote(posix.join(configDirectory, '.voke'))}
conf=${quote(posix.join(configDirectory, fileNames.conf))}
umask 077
log=$(cat "$state/log" 2>/dev/null)

find_pid() {
  pid=$(cat "$pid_file" 2>/dev/null) || return 1
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  is_mosquitto "$pid"
}

# one that has ended, and that nobody has waited for yet, has no command line any more
is_mosquitto() {
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = mosquitto ] && [ -n "$(tr -d '\\0' <"/proc/$1/cmdline" 2>/dev/null)" ]
}

note_command() {
  to=$(readlink "/proc/$pid/fd/2" 2>/dev/null)
  if [ -f "$to" ]; then log=$to; else log=; fi
  if mkdir -p "$state" 2>/dev/null; then
    cat "/proc/$pid/cmdline" >"$state/command"
    echo "$log" >"$state/log"
  fi
}

end_it() {
  kill -TERM "$pid" || exit 1
  for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    for part in 1 2 3 4 5; do
      is_mosquitto "$pid" || return 0
      sleep 0.2 2>/dev/null || sleep 1
    done
  done
  echo "mosquitto ($pid) does not end" >&2
  exit 1
}

# detached from the session: it must outlive it
start_it() {
  [ -f "$log" ] || log=/dev/null
  if [ ! -s "$state/command" ]; then
    mkdir -p "$state" && printf 'mosquitto\\0-c\\0%s\\0' "$conf" >"$state/command" || exit 1
  fi
  detached=$(command -v setsid || echo nohup)
  started=$(xargs -0 sh -c 'cd /; log=$1 detached=$2; shift 2; "$detached" "$@" </dev/null >>"$log" 2>&1 & echo $!' sh "$log" "$detached" <"$state/command")
  for part in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.2 2>/dev/null || sleep 1
    if find_pid; then return 0; fi
    [ -d "/proc/$started" ] || break
    # it writes no pid file by itself
    if [ "$part" -ge 5 ] && is_mosquitto "$started"; then echo "$started" >"$pid_file"; fi
  done
  find_pid || {
    if [ -f "$log" ]; then tail -n 3 "$log" >&2; fi
    echo "mosquitto does not start" >&2
    exit 1
  }
}
`;

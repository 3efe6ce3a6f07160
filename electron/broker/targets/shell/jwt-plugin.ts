// Whether a broker behind a shell can load the plugin of the token listener. It is shipped for one machine and one C
// library only (x86-64, glibc), and a Mosquitto that cannot load a plugin does not start: so both must be the broker's.

import { randomHex } from '../../../platform/random.ts';
import { quote, wholeScript } from '../../../remote/shell/script.ts';
import type { ShellHost } from '../shell-host.ts';

const names = ['mosquitto_jwt_auth.so', 'libmosquitto_jwt_auth.so'];
const directories = ['/mosquitto/plugins', '/usr/lib', '/usr/lib/mosquitto', '/usr/lib/x86_64-linux-gnu']
  .concat(['/usr/local/lib', '/usr/local/lib/mosquitto', '/etc/mosquitto', '/opt/mosquitto'])
  .concat(['/usr/share/mosquitto']);
const usual = directories.flatMap((directory) => names.map((name) => `${directory}/${name}`));

const timeoutMs = 30_000;

/** The path of a plugin that the broker can load: the one asked for, else one at a usual place; null: there is none. */
export async function findJwtPlugin(host: ShellHost, wanted?: string): Promise<string | null> {
  const nonce = randomHex(16);
  const { stdout } = await host.run(renderSearch(nonce, wanted === undefined ? usual : [wanted]), { timeoutMs });
  const line = stdout.split('\n').find((text) => text.startsWith(`${nonce} plugin `));
  return line?.slice(`${nonce} plugin `.length) ?? null;
}

/** An ELF file names its machine in bytes 18 and 19, and a library of musl by its name, at length. */
const renderSearch = (nonce: string, paths: readonly string[]): string =>
  wholeScript(
    nonce,
    '/',
    `machine_of() { dd if="$1" bs=1 skip=18 count=2 2>/dev/null | od -An -tx1; }
library_of() { if grep -q 'musl-[a-z0-9_]*\\.so' "$1"; then echo musl; else echo glibc; fi; }
broker=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v mosquitto) || broker=/usr/sbin/mosquitto
for path in ${paths.map(quote).join(' ')}; do
  if [ -f "$path" ] && [ -r "$path" ] && [ "$(machine_of "$path")" = "$(machine_of "$broker")" ] && [ "$(library_of "$path")" = "$(library_of "$broker")" ]; then
    say plugin "$path"
    exit 0
  fi
done`,
  );

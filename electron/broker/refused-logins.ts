// Whom a broker turned away, read from what Mosquitto writes.
// - A line names the client id that was asked for, which may be somebody else's: it says that somebody came in that name,
//   not who.
// - Mosquitto 2.0.11 has forgotten the client id by then, and what fails in TLS has told none. Only where they came from
//   can be told, and only while no other connection could be meant.
// - Lines without a time say nothing.

const stamp = /^(\d+|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S*): (.*?)\s*$/;
const notAuthorised = /^Client (.*?)(?: \[\S*\])? disconnected[,:] not authorised\.$/;
const badCertificate = /^OpenSSL Error\[0\]: .*(?:certificate verify failed|did not return a certificate)/;
const begins = /^New connection from (\S+) on port \d+\.$/;
const accepted = /^New client connected from (\S+) as /;

export type UnnamedRefusal = {
  /** Unix milliseconds. */
  readonly at: number;
  /** Without the port; undefined where the log leaves it open. */
  readonly address: string | undefined;
};

export type RefusedLogins = {
  /** The last refusal of each client id, in Unix milliseconds. */
  readonly named: ReadonlyMap<string, number>;
  /** In the order of the log. */
  readonly unnamed: readonly UnnamedRefusal[];
};

export function refusedLogins(lines: readonly string[]): RefusedLogins {
  const named = new Map<string, number>();
  const unnamed: UnnamedRefusal[] = [];
  /** Connections of which the log has not told yet what came of them. */
  const open = new Set<string>();
  for (const line of lines) {
    const [, time = '', text = ''] = stamp.exec(line) ?? [];
    const at = /^\d+$/.test(time) ? Number(time) * 1000 : Date.parse(time);
    if (!Number.isFinite(at) || at >= 8.64e15) continue;
    const begun = begins.exec(text)?.[1];
    if (begun !== undefined) open.add(begun);
    const known = accepted.exec(text)?.[1];
    if (known !== undefined) open.delete(known);
    const clientId = notAuthorised.exec(text)?.[1];
    if (clientId !== undefined && clientId !== '<unknown>') named.set(clientId, at);
    else if (clientId !== undefined || badCertificate.test(text)) {
      const [only] = open.size === 1 ? open : [];
      unnamed.push({ at, address: only?.replace(/:\d+$/, '') });
      open.clear();
    }
  }
  return { named, unnamed };
}

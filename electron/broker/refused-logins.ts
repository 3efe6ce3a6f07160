// Whom a broker turned away, read from what Mosquitto writes. A line names the client id that was asked for, which may be
// somebody else's: it says that somebody came in that name, not who. What fails in TLS names nobody.

const refusal = /^(\d+|\d{4}-\d{2}-\d{2}[T ]\S+): Client (.*?)(?: \[\S*\])? disconnected[,:] not authorised\.\s*$/;

/** The last refusal of each client id, in Unix milliseconds. Lines without a time say nothing. */
export function refusedLogins(lines: readonly string[]): ReadonlyMap<string, number> {
  const refused = new Map<string, number>();
  for (const line of lines) {
    const [, stamp, clientId] = refusal.exec(line) ?? [];
    if (stamp === undefined || clientId === undefined) continue;
    const at = /^\d+$/.test(stamp) ? Number(stamp) * 1000 : Date.parse(stamp);
    if (Number.isFinite(at) && at < 8.64e15) refused.set(clientId, at);
  }
  return refused;
}

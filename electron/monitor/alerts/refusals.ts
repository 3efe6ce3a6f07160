// Logins that a broker refused, by what its log says (Mosquitto 2.0.11 to 2.1). Client ids are chosen by clients; ids
// have no control characters, so none makes a line of its own, but what is told of one is made visible before it is shown.

const stamp = /^(?:\d+|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\S*): /;
const notAuthorised = /^Client (.*?)(?: \[\S*\])? disconnected[,:] not authorised\.$/;
const badCertificate = /^OpenSSL Error\[\d+\]: .*(certificate verify failed|did not return a certificate)/;

export type Refusal = {
  /** Those of one client id, and those without an id, are told as one. */
  readonly subject: string;
  readonly what: string;
  /** Undefined: the log does not tell. */
  readonly clientId: string | undefined;
};

/** Undefined for a line that tells of no refusal. */
export function readRefusal(line: string): Refusal | undefined {
  const text = line.replace(stamp, '').trimEnd();
  const clientId = notAuthorised.exec(text)?.[1];
  // Mosquitto 2.0.11 has forgotten who it was.
  if (clientId === '<unknown>') {
    return { subject: 'login', what: 'A login was refused: not authorised', clientId: undefined };
  }
  if (clientId !== undefined) {
    return {
      subject: `client ${clientId}`,
      what: `The login of client ${clientId} was refused: not authorised`,
      clientId,
    };
  }
  const reason = badCertificate.exec(text)?.[1];
  return reason === undefined
    ? undefined
    : { subject: 'certificate', what: `A login was refused: ${words[reason] ?? reason}`, clientId: undefined };
}

const words: Readonly<Record<string, string>> = {
  'certificate verify failed': 'its certificate is revoked, expired or of an unknown authority',
  'did not return a certificate': 'it showed no certificate',
};

// The record as a page to print and sign by hand: one file, no script, nothing from elsewhere. Names come from operators,
// plants and strangers' files, so everything passes `text`, which leaves no markup and nothing invisible.

import type { DeploymentState } from '../../shared/model/deployment-state.ts';
import type {
  HandoverBroker,
  HandoverCredential,
  HandoverPlant,
  HandoverRecord,
  HandoverScope,
} from '../../shared/model/handover.ts';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import type { Recording } from '../../shared/model/recording.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import { endOfSlice } from '../platform/slices.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const text = (value: string): string => visibleText(value).replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');
const lines = (value: string): string => value.split('\n').map(text).join('<br>');

/** `2026-11-21 16:40 UTC`. */
const time = (iso: string | null, otherwise = '—'): string =>
  iso === null ? otherwise : hasNoEnd(iso) ? 'no end' : text(`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);

const mono = (value: string): string => `<span class="mono">${text(value)}</span>`;
const row = (...cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`;
const headings = (names: readonly string[]): string => `<tr>${names.map((name) => `<th>${name}</th>`).join('')}</tr>`;
const fact = (name: string, value: string): string => `<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`;
const stacked = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('<br>');

const style = `
@page { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 2em auto; max-width: 300mm; padding: 0 1em; }
h1 { font-size: 18pt; margin: 0 0 .2em; }
h2 { font-size: 13pt; margin: 1.6em 0 .4em; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead { display: table-header-group; background: #eee; }
tr { break-inside: avoid; }
th[scope=row] { width: 16em; background: #f6f6f6; font-weight: 600; }
/* Hashes break where they must; words do not. */
.mono { overflow-wrap: anywhere; }
.mono, pre { font-family: ui-monospace, monospace; font-size: 8.5pt; }
pre { white-space: pre-wrap; border: 1px solid #999; padding: .6em; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 3em; margin-top: 5em; break-inside: avoid; }
.sign div { border-top: 1px solid #111; padding-top: .3em; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`;

/** In UTF-8. `verify`: the commands that README.txt gives, too. */
export async function handoverPage(record: Omit<HandoverRecord, 'files'>, verify: string): Promise<Uint8Array> {
  const isOver = endOfSlice();
  const parts: Buffer[] = [];
  const put = async (part: string) => {
    parts.push(Buffer.from(part, 'utf8'));
    await isOver();
  };
  const table = async <T>(names: readonly string[], items: readonly T[], line: (item: T) => string) => {
    await put(`<table><thead>${headings(names)}</thead><tbody>\n`);
    for (const item of items) await put(line(item));
    await put('</tbody></table>\n');
  };
  await put(head(record));
  await put(`<h2>Remarks</h2>\n`);
  if (record.remarks.length === 0) await put('<p>None.</p>\n');
  else {
    await table(['About', 'Remark'], record.remarks, ({ id, name, text: words }) =>
      row(stacked(text(name), id === null ? '' : mono(id)), text(words)),
    );
  }
  await put('<h2>Authority</h2>\n');
  await table(['Subject', 'State', 'Serial number, SHA-256', 'Valid', 'Revocation list'], record.authorities, (one) =>
    row(
      text(one.subject),
      text(one.state),
      stacked(mono(one.serialNumber), mono(one.fingerprint)),
      stacked(time(one.notBefore), `to ${time(one.notAfter)}`),
      stacked(`number ${text(one.crlNumber)}`, `good until ${time(one.crlNextUpdate)}`),
    ),
  );
  await put('<h2>Brokers</h2>\n');
  await table(['Broker', 'Where', 'Certificate', 'Last push', 'Files pushed, SHA-256'], record.brokers, brokerRow);
  await put(`<h2>Plants (${record.plants.length})</h2>\n`);
  await table(['Plant', 'State', 'Credential', 'Deployed', 'Proven', 'Device'], record.plants, plantRow);
  await put('<h2>Recordings</h2>\n');
  if (record.recordings.length === 0) await put('<p>None.</p>\n');
  else await table(['Recording', 'Time', 'Content', 'SHA-256'], record.recordings, recordingRow);
  await put(foot(record, verify));
  return Buffer.concat(parts);
}

const head = (record: Omit<HandoverRecord, 'files'>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Handover record ${record.number}</title>
<style>${style}</style>
</head>
<body>
<h1>Handover record ${record.number}</h1>
<p>${text(scopeWords(record.scope))}</p>
<table><tbody>
${fact('Handed over by', text(record.by))}${fact('To', text(record.to))}${fact('On', time(record.at))}${
  record.remark === '' ? '' : fact('Remark', lines(record.remark))
}${fact('Made with', text(`Voke Console ${record.consoleVersion}, as ${record.madeBy}`))}${fact(
  'Audit trail up to',
  stacked(`line ${record.audit.sequence}`, mono(record.audit.hash)),
)}${fact(
  'Signed with the certificate',
  stacked(mono(record.signedWith.serialNumber), mono(record.signedWith.fingerprint)),
)}</tbody></table>
`;

function scopeWords(scope: HandoverScope): string {
  switch (scope.kind) {
    case 'all':
      return 'All plants of this vault.';
    case 'site':
      return scope.site === null ? 'The plants without a site.' : `The plants of the site ${scope.site}.`;
    case 'plants':
      return 'The plants that are named here.';
  }
}

const brokerRow = ({ name, brokerId, profile, target, host, ports, certificate, ...rest }: HandoverBroker): string =>
  row(
    stacked(text(name), mono(brokerId)),
    stacked(
      text(host),
      ...Object.entries(ports).map(([listener, port]) => `${text(listener)} ${port}`),
      text(`${profile}, ${target}`),
    ),
    certificate
      ? stacked(mono(certificate.serialNumber), mono(certificate.fingerprint), `until ${time(certificate.notAfter)}`)
      : 'none',
    stacked(time(rest.lastPushedAt, 'never'), rest.pushPending ? 'a push is pending' : ''),
    stacked(...Object.entries(rest.files).map(([file, sha256]) => `${text(file)} ${mono(sha256)}`)) || '—',
  );

const plantRow = ({ name, plantId, site, status, credential, device, ...rest }: HandoverPlant): string =>
  row(
    stacked(text(name), text(site ?? ''), mono(plantId)),
    stacked(text(status), rest.revokedAt === null ? '' : `since ${time(rest.revokedAt)}`),
    credential ? credentialCell(credential) : 'none',
    credential ? stacked(time(credential.deployedAt), deployedWords(credential)) : '—',
    stacked(credential ? sessionWords(credential) : '', `last seen ${time(rest.lastSeenAt, 'never')}`),
    stacked(
      device ? text(`${device.host}:${device.port}`) : '',
      device ? mono(device.directory) : '',
      device?.hostKeyFingerprint ? mono(`SHA256:${device.hostKeyFingerprint}`) : '',
      rest.deviceSeenAt === null ? '' : `${holds[rest.deployment]}, as it told ${time(rest.deviceSeenAt)}`,
    ) || '—',
  );

/** What a device said that it holds. */
const holds: Readonly<Record<DeploymentState, string>> = {
  unknown: 'nobody knows what it holds',
  inVault: 'does not hold this credential',
  onDevice: 'holds a credential of this plant',
  matched: 'holds this credential',
  lost: 'holds nothing any more',
  foreign: 'holds files of somebody else',
};

const credentialCell = ({ kind, state, issuedAt, validUntil, ...rest }: HandoverCredential): string =>
  stacked(
    `${text(kind)}, ${text(state)}`,
    `issued ${time(issuedAt)}`,
    `until ${time(validUntil, 'no end')}`,
    rest.serialNumber === null ? '' : mono(rest.serialNumber),
    rest.fingerprint === null ? '' : mono(rest.fingerprint),
    rest.keyMadeElsewhere ? 'key made on the device' : '',
  );

const sessionWords = ({ firstSessionAt }: HandoverCredential): string =>
  firstSessionAt === null ? 'no session verified' : `first session ${time(firstSessionAt)}`;

function deployedWords({ deployedBy, isWaiting }: HandoverCredential): string {
  switch (deployedBy) {
    case 'device':
      return 'onto the device';
    case 'stick':
      return 'by a stick, with its receipt';
    case 'file':
      return 'handed over as a file';
    case 'word':
      return "by the operator's word";
    case null:
      return isWaiting ? 'waits in the console' : '';
  }
}

const recordingRow = (recording: Recording): string =>
  row(
    stacked(text(recording.note), text(recording.brokerName), mono(recording.recordingId)),
    stacked(time(recording.startedAt), `to ${time(recording.endedAt)}`),
    stacked(`${recording.messages} messages`, `${recording.bytes} bytes`, text((recording.filters ?? []).join(', '))),
    mono(recording.sha256 ?? ''),
  );

const foot = ({ by, to }: Pick<HandoverRecord, 'by' | 'to'>, verify: string): string => `<h2>How to verify</h2>
<pre>${lines(verify)}</pre>
<div class="sign"><div>Handed over: ${text(by)}</div><div>Taken over: ${text(to)}</div></div>
</body>
</html>
`;

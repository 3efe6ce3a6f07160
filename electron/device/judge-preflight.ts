// What a look at a device means for a deployment. Pure: the same look always gets the same verdicts.
// - A device trusts a broker only while its own clock lies within the certificates' validity. Leaf certificates begin
//   with their authority, so none can be dated back further: where the clock is wrong, it is the clock that must change.
// - What cannot be seen is said to be unknown, and never stops a deployment: the installation checks for itself.

import type { ErrorCode } from '../../shared/model/errors.ts';
import type { PreflightCheck, PreflightCheckId } from '../../shared/model/preflight.ts';
import { howLong } from './how-long.ts';
import { howMuch } from './how-much.ts';
import type { Observation } from './preflight.ts';

/** A certificate that the device will look at, its own or the broker's chain. */
export type ValidityOf = { readonly what: string; readonly notBefore: Date; readonly notAfter: Date };

/** Whose set lies on the device, as far as its public files and the vault's hashes tell. */
export type DeviceContents = {
  readonly whose: 'nobody' | 'thisPlant' | 'anotherPlant' | 'unknown';
  readonly plantId: string | null;
  readonly certificateFingerprint: string | null;
  readonly certificateSubject: string | null;
  readonly certificateNotAfter: Date | null;
};

export type Expectation = {
  readonly now: Date;
  readonly validities: readonly ValidityOf[];
  /** Of all files that will be brought. */
  readonly bytes: number;
  readonly owner: string | null;
  readonly contents: DeviceContents;
};

/** Signed messages carry the time, and are judged by it. */
const tolerableOffsetMs = 5 * 60 * 1000;
/** File systems that forget, or that a factory reset empties. */
const forgetful: Readonly<Record<string, string>> = {
  tmpfs: 'It lies in memory, so the files are lost at the next restart.',
  ramfs: 'It lies in memory, so the files are lost at the next restart.',
  overlay: 'It is an overlay, so a factory reset or a firmware update may remove the files.',
  overlayfs: 'It is an overlay, so a factory reset or a firmware update may remove the files.',
};

type Judged = Omit<PreflightCheck, 'id' | 'code' | 'offers'> & {
  readonly code?: ErrorCode;
  readonly offers?: PreflightCheck['offers'];
};

export function judgePreflight(observed: Observation, expected: Expectation): PreflightCheck[] {
  const judged: Record<PreflightCheckId, Judged> = {
    clock: judgeClock(observed, expected),
    user: judgeUser(observed, expected),
    shell: judgeShell(observed),
    tools: judgeMeans(observed),
    mount: judgeMount(observed),
    space: judgeSpace(observed, expected),
    target: judgeTarget(observed),
    contents: judgeContents(expected.contents),
    installation: judgeInstallation(observed),
  };
  return Object.entries(judged).map(([id, check]) => toCheck(id as PreflightCheckId, check));
}

/** Of a device where no more could be seen, since it cannot take a hash. */
export const withoutHashTool = (): PreflightCheck[] => [toCheck('tools', judgeTools(['sha256sum or openssl']))];

const toCheck = (id: PreflightCheckId, { code, offers, ...check }: Judged): PreflightCheck => ({
  id,
  ...check,
  code: code ?? null,
  offers: offers ?? [],
});

function judgeClock({ state: { clock, userId }, sftp }: Observation, { now, validities }: Expectation): Judged {
  if (clock === null) {
    return { verdict: 'attention', sentence: 'The device does not tell its time.', facts: { deviceClock: null } };
  }
  const at = Date.parse(clock);
  const offsetMs = at - now.getTime();
  const off = `${howLong(Math.abs(offsetMs))} ${offsetMs < 0 ? 'behind' : 'ahead of'} this console's`;
  const facts = { deviceClock: clock, consoleClock: now.toISOString(), offsetSeconds: Math.round(offsetMs / 1000) };
  const outside = validities.find(({ notBefore, notAfter }) => at < notBefore.getTime() || at > notAfter.getTime());
  const maySetClock = userId === 0 && sftp === null;
  const setClock = maySetClock ? (['setClock'] as const) : [];
  if (outside) {
    const { what, notBefore, notAfter } = outside;
    const missed =
      at < notBefore.getTime()
        ? `${howLong(notBefore.getTime() - at)} before ${what} begins`
        : `${howLong(at - notAfter.getTime())} after ${what} ends`;
    // A certificate may begin as early as its authority, and no earlier.
    const mayBackdate =
      at < notBefore.getTime() && validities.some((other) => other !== outside && at >= other.notBefore.getTime());
    return {
      verdict: 'refused',
      sentence: `The clock is ${off}: ${missed}, so the device would trust no broker. ${
        maySetClock ? 'Set it from here, or there.' : 'Set it on the device; this login may not.'
      }${mayBackdate ? ' Or issue the certificate again with an earlier beginning.' : ''}`,
      facts: { ...facts, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() },
      code: 'device/clock-wrong',
      offers: [...setClock, 'overrule'],
    };
  }
  if (Math.abs(offsetMs) > tolerableOffsetMs) {
    return {
      verdict: 'attention',
      sentence: `The clock is ${off}. Certificates hold there, but the times in its messages are wrong.`,
      facts,
      offers: [...setClock],
    };
  }
  return { verdict: 'ok', sentence: "The clock agrees with this console's.", facts };
}

function judgeUser(
  { state: { userId }, userName, elevators, isOwnerKnown, sftp }: Observation,
  expected: Expectation,
): Judged {
  const facts = { user: userName, userId, elevators: [...elevators], owner: expected.owner };
  if (isOwnerKnown === false) {
    return {
      verdict: 'refused',
      sentence: `The device has no such user or group: ${expected.owner}.`,
      facts,
      code: 'device/install-failed',
    };
  }
  if (expected.owner !== null && userId !== 0) {
    return {
      verdict: 'refused',
      sentence: `Only root may give the files to ${expected.owner}. Use sudo or doas, or another login.`,
      facts,
      code: 'device/install-failed',
    };
  }
  if (expected.owner === null && userId !== 0 && userId !== null) {
    return {
      verdict: 'attention',
      sentence: `The files will belong to ${userName ?? userId}; the MQTT client must run as this user to read its key.`,
      facts,
    };
  }
  const who = userName ?? userId ?? 'an unknown user';
  return { verdict: 'ok', sentence: sftp ? `Files are written as user ${who}.` : `Scripts run as ${who}.`, facts };
}

function judgeShell({ shell, sftp }: Observation): Judged {
  if (sftp) {
    return {
      verdict: 'attention',
      sentence:
        'Files go over SFTP, and nothing runs on the device: the MQTT client must read its files anew by itself, and rights beyond the login are not to be had.',
      facts: { shell: null },
    };
  }
  const sentence = shell === null ? 'The device runs a POSIX shell.' : `The device runs scripts with ${shell}.`;
  return { verdict: 'ok', sentence, facts: { shell } };
}

const judgeMeans = ({ missingTools, sftp }: Observation): Judged => (sftp ? judgeSftp(sftp) : judgeTools(missingTools));

function judgeSftp({ canReplace, canFlush }: NonNullable<Observation['sftp']>): Judged {
  const facts = { posixRename: canReplace, fsync: canFlush };
  const lacks = [
    ...(canReplace ? [] : ['replace a file in one step, so for a moment there is neither the old one nor the new one']),
    ...(canFlush ? [] : ['flush a file to the disk, so a power cut right after the installation may undo it']),
  ];
  return lacks.length === 0
    ? { verdict: 'ok', sentence: 'The SFTP server replaces each file in one step, and flushes it.', facts }
    : { verdict: 'attention', sentence: `The SFTP server cannot ${lacks.join('; nor ')}.`, facts };
}

const judgeTools = (missing: readonly string[]): Judged =>
  missing.length === 0
    ? { verdict: 'ok', sentence: 'Every tool that an installation needs is there.', facts: { missing: [] } }
    : {
        verdict: 'refused',
        sentence: `The device lacks ${missing.join(', ')}.`,
        facts: { missing: [...missing] },
        code: 'device/tool-missing',
      };

function judgeMount({ mount }: Observation): Judged {
  if (mount === null) {
    return { verdict: 'attention', sentence: 'The device does not tell what is mounted there.', facts: {} };
  }
  const facts = { point: mount.point, type: mount.type, readOnly: mount.isReadOnly };
  if (mount.isReadOnly) {
    return {
      verdict: 'refused',
      sentence: `The file system at ${mount.point}${mount.type === null ? '' : ` (${mount.type})`} is mounted read-only.`,
      facts,
      code: 'device/read-only',
    };
  }
  if (mount.type === null) {
    const sentence = `The file system at ${mount.point} is writable. Of what type it is cannot be seen, so a factory reset or a restart may empty it.`;
    return { verdict: 'attention', sentence, facts };
  }
  const warning = forgetful[mount.type];
  return warning === undefined
    ? { verdict: 'ok', sentence: `The file system at ${mount.point} is ${mount.type}.`, facts }
    : { verdict: 'attention', sentence: `The file system at ${mount.point} is ${mount.type}. ${warning}`, facts };
}

/** The next set is staged beside the live one and the kept one; each file takes whole blocks. */
function judgeSpace({ freeKib }: Observation, { bytes }: Expectation): Judged {
  const neededKib = Math.ceil((2 * bytes) / 1024) + 64;
  const facts = { freeKib, neededKib };
  if (freeKib === null) return { verdict: 'attention', sentence: 'The device does not tell how much is free.', facts };
  if (freeKib < neededKib) {
    const sentence = `Only ${howMuch(freeKib)} are free; ${howMuch(neededKib)} are needed.`;
    return { verdict: 'refused', sentence, facts, code: 'device/disk-full' };
  }
  return { verdict: 'ok', sentence: `${howMuch(freeKib)} are free.`, facts };
}

function judgeTarget({ target, obstacles }: Observation): Judged {
  const facts = {
    path: target?.path ?? null,
    mode: target === null ? null : target.mode.toString(8).padStart(4, '0'),
    owner: target?.owner ?? null,
    group: target?.group ?? null,
    obstacles: obstacles.map(({ kind, path }) => `${kind} ${path}`),
  };
  const [obstacle] = obstacles;
  if (obstacle) {
    const words = {
      'symbolic-link': 'is a symbolic link',
      'not-a-directory': 'is no directory',
      'not-a-regular-file': 'is no file',
    };
    const sentence = `${obstacle.path} ${words[obstacle.kind]}.`;
    return { verdict: 'refused', sentence, facts, code: `device/${obstacle.kind}` };
  }
  if (!target) return { verdict: 'attention', sentence: 'The target directory cannot be looked at.', facts };
  if (!target.isWritable) {
    const sentence = `The login may not write to ${target.path} (${target.owner}:${target.group}, ${facts.mode}).`;
    return { verdict: 'refused', sentence, facts, code: 'device/not-writable' };
  }
  if ((target.mode & 0o002) !== 0) {
    return { verdict: 'attention', sentence: `Everybody on the device may write to ${target.path}.`, facts };
  }
  return {
    verdict: 'ok',
    sentence: `${target.path} belongs to ${target.owner}:${target.group}, ${facts.mode}.`,
    facts,
  };
}

function judgeContents(contents: DeviceContents): Judged {
  const { whose, plantId, certificateFingerprint, certificateSubject, certificateNotAfter } = contents;
  const expires = certificateNotAfter?.toISOString() ?? null;
  const facts = { whose, plantId, certificateFingerprint, certificateSubject, expires };
  const until = expires === null ? '' : `, valid until ${expires.slice(0, 10)}`;
  switch (whose) {
    case 'nobody':
      return { verdict: 'ok', sentence: 'No credential lies there yet.', facts };
    case 'thisPlant':
      return { verdict: 'ok', sentence: `A credential of this plant lies there${until}.`, facts };
    case 'anotherPlant':
      return {
        verdict: 'refused',
        sentence: `A credential of another plant lies there: ${plantId}${until}. This may be the wrong device.`,
        facts,
        code: 'device/foreign-files',
        offers: ['overrule'],
      };
    case 'unknown':
      return {
        verdict: 'attention',
        sentence: `Files lie there that this console did not issue${until}; they become the previous set.`,
        facts,
      };
  }
}

function judgeInstallation({ state: { installation } }: Observation): Judged {
  const facts = { installation };
  switch (installation) {
    case 'none':
      return { verdict: 'ok', sentence: 'No other installation is under way.', facts };
    case 'cutOff':
      return { verdict: 'attention', sentence: 'An earlier installation was cut off there; it is ended first.', facts };
    case 'running': {
      const sentence = 'Another installation is at work there now.';
      return { verdict: 'refused', sentence, facts, code: 'device/installation-running' };
    }
  }
}

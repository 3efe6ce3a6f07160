// A receipt is a text file that an installation from a stick leaves behind. Anybody can write one; only who has opened
// the bundle can write one that counts.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { DeviceFile } from '../../../shared/model/device.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { filesOf } from '../../remote/shell/answer.ts';

export type Receipt = {
  readonly bundleId: string;
  readonly plantId: string;
  readonly directory: string;
  /** The device's own clock, ISO 8601. */
  readonly deviceClock: string;
  readonly userName: string;
  readonly userId: number;
  readonly previousKept: boolean;
  readonly files: readonly DeviceFile[];
  /** All lines but the last, as the device wrote them: what the authenticator covers. */
  readonly body: string;
  readonly authenticator: string;
};

const pattern = new RegExp(
  [
    '^(Voke Console receipt 1',
    'bundle (?<bundleId>[0-9a-f-]{36})',
    'plant (?<plantId>[0-9a-f-]{36})',
    'directory (?<directory>/\\S{0,1024})',
    'clock (?<clock>\\d{1,12})',
    'user (?<userName>\\S{0,64}) (?<userId>\\d{1,10})',
    'previous (?<previous>yes|no)',
    '(?<files>(?:file \\S{1,64} (?:[0-9a-f]{64}|-) [-a-z.+@]{10,12} \\d{1,10} \\d{1,10}\\n){1,32}))authenticator (?<authenticator>[0-9a-f]{64})\\n*$',
  ].join('\\n'),
);

/** Reads a receipt, as it was or with the line ends of another system. Throws `offline/receipt-unreadable`. */
export function readReceipt(text: string): Receipt {
  const match = pattern.exec(text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''));
  const groups = match?.groups;
  if (!groups) throw new ConsoleError('offline/receipt-unreadable');
  const { bundleId = '', plantId = '', directory = '', clock, userName = '', userId, files = '' } = groups;
  return {
    bundleId,
    plantId,
    directory,
    deviceClock: new Date(Number(clock) * 1000).toISOString(),
    userName,
    userId: Number(userId),
    previousKept: groups.previous === 'yes',
    files: filesOf(
      files
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([word = '', ...values]) => ({ word, values })),
    ),
    body: match?.[1] ?? '',
    authenticator: groups.authenticator ?? '',
  };
}

/** Whether whoever wrote the receipt knew the secret of its bundle. */
export function isAuthentic({ body, authenticator }: Receipt, secret: string): boolean {
  const expected = createHash('sha256').update(`${secret}\n${body}${secret}\n`).digest();
  return timingSafeEqual(expected, Buffer.from(authenticator, 'hex'));
}

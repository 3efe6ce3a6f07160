// The files on a broker's host, and the push that is under way there, by the scripts of push-script.ts.
// Only what differs travels; what is known by its hash is not fetched again.

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import {
  type BrokerFile,
  type BrokerFiles,
  type Generation,
  type PushMark,
  pushProgress,
} from '../../../../shared/model/broker-files.ts';
import { ConsoleError, type ErrorCode } from '../../../../shared/model/errors.ts';
import { randomHex } from '../../../platform/random.ts';
import { filesOf, type ReportedFile, readStatements, type Statement } from '../../../remote/shell/answer.ts';
import { symbolicMode } from '../../../remote/shell/modes.ts';
import { plainName } from '../../../remote/shell/script.ts';
import { isSecretFile } from '../../file-names.ts';
import type { ShellHost } from '../shell-host.ts';
import {
  generationPart,
  type PushScript,
  renderContentScript,
  renderGenerationScript,
  renderGenerationsScript,
  renderKeepScript,
  renderNoteScript,
  renderOpenScript,
  renderReadScript,
  renderReleaseScript,
  renderRestoreScript,
  renderStageScript,
  renderSwapScript,
  type StagedFile,
} from './push-script.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

const timeoutMs = 60_000;
const transferTimeoutMs = 300_000;
/** Ten thousand plants are about seven megabytes of passwords and ACLs. */
const largestFile = 64 * 1024 * 1024;
const keptGenerations = 5;

const codes = {
  reasons: {
    'directory-missing': 'broker/config-directory-missing',
    'not-a-directory': 'broker/config-directory-missing',
    'not-writable': 'broker/not-writable',
    'not-a-regular-file': 'broker/not-a-regular-file',
    'owner-not-set': 'broker/owner-not-set',
    'mode-not-kept': 'broker/mode-not-kept',
    'tool-missing': 'broker/tool-missing',
    'hash-mismatch': 'broker/hash-mismatch',
    'changed-meanwhile': 'broker/changed-meanwhile',
    'no-such-push': 'broker/no-such-push',
    'no-such-generation': 'broker/no-such-generation',
    unconfirmed: 'broker/unconfirmed',
  } satisfies Record<string, ErrorCode>,
  otherwise: 'broker/write-failed',
  unconfirmed: 'broker/unconfirmed',
  complaints: [
    { pattern: /No space left on device|Disk quota exceeded/, code: 'broker/disk-full' },
    { pattern: /Read-only file system/, code: 'broker/not-writable' },
  ],
} as const;

const markSchema = z.object({
  pushId: z.string(),
  startedBy: z.string(),
  startedAt: z.string(),
  wasRunning: z.boolean(),
});
/** The mark, and whether the broker ran when the push began: an undone push leaves it as it was. */
export type ShellPushMark = PushMark & { readonly wasRunning: boolean };

/** Stands for a push whose console was cut off before it could sign it. */
const unreadableMark: ShellPushMark = {
  pushId: 'unknown',
  startedBy: 'unknown',
  startedAt: new Date(0).toISOString(),
  step: 'opened',
  wasRunning: true,
};

export type ShellStoreOptions = {
  readonly host: ShellHost;
  /** Absolute, of plain characters, as the host sees it. */
  readonly directory: string;
  /** Whom the files belong to: `user`, `user:group` or numbers; null leaves them to whoever runs the scripts. */
  readonly owner: string | null;
  /** The names that the profiles use. */
  readonly names: readonly string[];
};

export class ShellStore {
  readonly #options: ShellStoreOptions;
  /** Contents by hash, of the last set that was read or staged. */
  #known = new Map<string, Uint8Array>();

  constructor(options: ShellStoreOptions) {
    this.#options = options;
  }

  /** The files in force, or undefined where there are none. */
  async read(): Promise<BrokerFiles | undefined> {
    const reported = filesOf(await this.#run(renderReadScript));
    return reported.length === 0 ? undefined : this.#contents('', reported);
  }

  async mark(): Promise<ShellPushMark | undefined> {
    return readMark(await this.#run(renderReadScript));
  }

  /** Throws `broker/push-in-progress`. */
  async open(mark: Omit<ShellPushMark, 'step'>): Promise<void> {
    plainName(mark.pushId);
    const encoded = Buffer.from(JSON.stringify(mark)).toString('base64');
    const statements = await this.#run((from) => renderOpenScript(from, mark.pushId, encoded));
    if (statements.some(({ word }) => word === 'opened')) return;
    const { pushId, startedBy, startedAt } = readMark(statements) ?? unreadableMark;
    throw new ConsoleError('broker/push-in-progress', {
      because: `started by ${startedBy}, ${startedAt}`,
      details: { pushId, startedBy, startedAt },
    });
  }

  /** Sends what differs from the live files. */
  async stage(pushId: string, writtenAt: string, files: BrokerFiles): Promise<void> {
    for (const { name } of files) plainName(name);
    const live = filesOf(await this.#run(renderReadScript));
    const staged = await Promise.all(files.map((file) => pack(file, live)));
    const secrets = files.filter(({ secret }) => secret).map(({ content }) => Buffer.from(content).toString('latin1'));
    const onHost = filesOf(
      await this.#run((from) => renderStageScript(from, pushId, writtenAt, staged), { secrets, isTransfer: true }),
    );
    assertHeld(
      staged.filter(({ packed }) => packed !== null),
      onHost,
    );
    this.#remember(files);
  }

  /** Throws `broker/hash-mismatch` or `broker/changed-meanwhile` before anything is moved. */
  async swap(pushId: string, files: BrokerFiles | undefined): Promise<void> {
    const onHost = filesOf(await this.#run((from) => renderSwapScript(from, pushId)));
    if (files !== undefined) assertHeld(files.map(describeFile), onHost);
  }

  async note(pushId: string, step: PushMark['step']): Promise<void> {
    await this.#run((from) => renderNoteScript(from, pushId, step));
  }

  /** Puts the files before the push back. Answers with the names that were live and are no more as they were. */
  async restore(pushId: string): Promise<readonly string[]> {
    const statements = await this.#run((from) => renderRestoreScript(from, pushId));
    const rejected = statements.filter(({ word }) => word === 'rejected').map(({ values: [name = ''] }) => name);
    return [...new Set(rejected)];
  }

  async release(pushId: string): Promise<void> {
    await this.#run((from) => renderReleaseScript(from, pushId));
  }

  async keep(pushId: string, startedAt: string): Promise<void> {
    await this.#run((from) => renderKeepScript(from, pushId, startedAt, keptGenerations));
  }

  async generations(): Promise<readonly Generation[]> {
    const statements = await this.#run(renderGenerationsScript);
    return statements
      .filter(({ word }) => word === 'generation')
      .map(({ values: [generationId = '', writtenAt = ''] }) => ({ generationId, writtenAt }))
      .sort(newestFirst);
  }

  /** Throws `broker/no-such-generation`. */
  async readGeneration(generationId: string): Promise<BrokerFiles> {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(generationId))
      throw new ConsoleError('broker/no-such-generation', { details: { generationId } });
    const reported = filesOf(await this.#run((from) => renderGenerationScript(from, generationId)));
    return this.#contents(generationPart(generationId), reported);
  }

  async #contents(part: string, reported: readonly ReportedFile[]): Promise<BrokerFiles> {
    const unreadable = reported.filter(({ sha256: hash }) => hash === null).map(({ name }) => name);
    if (unreadable.length > 0)
      throw new ConsoleError('broker/not-readable', { because: unreadable.join(', '), details: { files: unreadable } });
    const wanted = reported.filter(({ sha256: hash }) => !this.#known.has(hash ?? '')).map(({ name }) => name);
    const fetched = wanted.length === 0 ? new Map() : await this.#fetch(part, wanted);
    const files = reported.map(({ name, mode, sha256: hash }): BrokerFile => {
      const content = this.#known.get(hash ?? '') ?? fetched.get(name);
      if (content === undefined || sha256(content) !== hash)
        throw new ConsoleError('broker/changed-meanwhile', { because: name, details: { file: name } });
      return { name, content, mode, secret: isSecretFile(name) };
    });
    if (part === '') this.#remember(files);
    return files;
  }

  async #fetch(part: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
    for (const name of names) plainName(name);
    const statements = await this.#run((from) => renderContentScript(from, part, names), { isTransfer: true });
    const contents = statements
      .filter(({ word }) => word === 'content')
      .map(async ({ values: [name = '', packed = ''] }): Promise<[string, Uint8Array]> => {
        const content = await expand(Buffer.from(packed, 'base64'), { maxOutputLength: largestFile }).catch(() => {
          throw new ConsoleError('broker/unconfirmed', { because: name });
        });
        return [name, content];
      });
    return new Map(await Promise.all(contents));
  }

  #remember(files: BrokerFiles): void {
    this.#known = new Map(files.map(({ content }) => [sha256(content), content]));
  }

  async #run(
    render: (from: PushScript) => string,
    { secrets = [], isTransfer = false }: { secrets?: readonly string[]; isTransfer?: boolean } = {},
  ): Promise<Statement[]> {
    const nonce = randomHex(16);
    const { host, directory, owner, names } = this.#options;
    const text = render({ nonce, directory, owner, names });
    const result = await host.run(text, {
      timeoutMs: isTransfer ? transferTimeoutMs : timeoutMs,
      ...(isTransfer && { outputCap: 2 * largestFile }),
    });
    return readStatements(result, nonce, codes, secrets);
  }
}

/** A set that was found bears the time of the push that found it: it is the older one of the two. */
const newestFirst = (a: Generation, b: Generation): number =>
  a.writtenAt === b.writtenAt
    ? Number(a.generationId.startsWith('found-before-')) - Number(b.generationId.startsWith('found-before-'))
    : Date.parse(b.writtenAt) - Date.parse(a.writtenAt);

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

const describeFile = ({ name, content, mode }: BrokerFile) => ({
  name,
  sha256: sha256(content),
  mode: mode.toString(8).padStart(3, '0'),
});

async function pack(file: BrokerFile, live: readonly ReportedFile[]): Promise<StagedFile> {
  const described = { ...describeFile(file), symbolicMode: symbolicMode(file.mode) };
  const isLive = live.some(
    ({ name, sha256: hash, mode }) => name === file.name && hash === described.sha256 && mode === file.mode,
  );
  if (isLive) return { ...described, packed: null };
  const base64 = (await compress(file.content)).toString('base64');
  return { ...described, packed: base64.replace(/.{1,76}/g, '$&\n') };
}

/** Throws `broker/hash-mismatch` unless the host reports every file as it was sent. */
function assertHeld(
  sent: readonly { readonly name: string; readonly sha256: string; readonly mode: string }[],
  onHost: readonly ReportedFile[],
): void {
  const wrong = sent.filter(
    ({ name, sha256: hash, mode }) =>
      !onHost.some((file) => file.name === name && file.sha256 === hash && file.mode === Number.parseInt(mode, 8)),
  );
  if (wrong.length > 0)
    throw new ConsoleError('broker/hash-mismatch', { details: { files: wrong.map(({ name }) => name) } });
}

function readMark(statements: readonly Statement[]): ShellPushMark | undefined {
  const said = statements.find(({ word }) => word === 'mark');
  if (said === undefined) return undefined;
  const [step = '', encoded = ''] = said.values;
  const mark = markSchema.safeParse(parseJson(Buffer.from(encoded, 'base64').toString('utf8')));
  const known = pushProgress.find((progress) => progress === step) ?? 'opened';
  return mark.success ? { ...mark.data, step: known } : unreadableMark;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

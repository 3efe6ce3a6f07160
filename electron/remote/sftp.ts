// Files of a device over SFTP (draft-ietf-secsh-filexfer-02, version 3, with OpenSSH's extensions where they are offered).
// - A path that is not there is an answer (null), no failure: most questions here are whether something is there.
// - What the server says of a failure is a number and seldom more. What it means is for the caller to find out.
// - New files are made exclusively, so that nothing is written through a link that lies in their place.

import type { SFTPWrapper, Stats } from 'ssh2';

/** What a path is; a link is not followed unless it is said. Times are the device's own, in seconds since 1970. */
export type PathFacts = {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly modifiedAt: number;
};

export type DirectoryEntry = { readonly name: string; readonly facts: PathFacts };

export type SftpFailureReason = 'no-such-file' | 'permission-denied' | 'failure' | 'unsupported';

/** A request that the server refused. */
export class SftpFailure extends Error {
  readonly reason: SftpFailureReason;
  readonly path: string;

  constructor(reason: SftpFailureReason, path: string) {
    super(`${reason}: ${path}`);
    this.name = 'SftpFailure';
    this.reason = reason;
    this.path = path;
  }
}

type Done<T> = (error: Error | null | undefined, value: T) => void;
type Told = (error?: Error | null) => void;

/** Waits for one answer; fails with `remote/connection-lost` or `remote/timeout` when none comes. */
export type SftpRequest = <T>(begin: (done: (value: T) => void, fail: (error: unknown) => void) => void) => Promise<T>;

const chunkBytes = 32 * 1024;
/** statvfs(3): the file system is mounted read-only. */
const readOnlyFlag = 1n;

export class Sftp {
  readonly #sftp: SFTPWrapper;
  readonly #request: SftpRequest;
  readonly #lost: () => Error;

  /** `lost`: the failure of a request whose answer did not come because the server ended the channel. */
  constructor(sftp: SFTPWrapper, request: SftpRequest, lost: () => Error) {
    this.#sftp = sftp;
    this.#request = request;
    this.#lost = lost;
  }

  /** Whether a file can take another's place in one step. */
  get canReplace(): boolean {
    return this.#offers('posix-rename@openssh.com', '1');
  }

  /** Whether a file can be flushed to the disk. */
  get canFlush(): boolean {
    return this.#offers('fsync@openssh.com', '1');
  }

  async stat(path: string): Promise<PathFacts | null> {
    return await this.#ifThere(path, (done) => this.#sftp.stat(path, done));
  }

  /** Of a link itself. */
  async lstat(path: string): Promise<PathFacts | null> {
    return await this.#ifThere(path, (done) => this.#sftp.lstat(path, done));
  }

  /** What lies in a directory; null when it is not there. */
  async list(path: string): Promise<DirectoryEntry[] | null> {
    try {
      const entries = await this.#ask<{ filename: string; attrs: Stats }[]>(path, (done) =>
        this.#sftp.readdir(path, done),
      );
      return entries
        .filter(({ filename }) => filename !== '.' && filename !== '..')
        .map(({ filename, attrs }) => ({ name: filename, facts: factsOf(attrs) }));
    } catch (error) {
      return orNull(error);
    }
  }

  /** The whole content; null when it is longer than `cap` bytes. Follows a link. */
  async read(path: string, cap: number): Promise<Buffer | null> {
    return await this.#opened(path, 'r', async (handle) => {
      const chunks: Buffer[] = [];
      let size = 0;
      for (;;) {
        const chunk = await this.#readChunk(path, handle, size);
        size += chunk.length;
        if (size > cap) return null;
        chunks.push(chunk);
        // Of a regular file less than what was asked for is what there is (6.4 of the draft).
        if (chunk.length < chunkBytes) return Buffer.concat(chunks);
      }
    });
  }

  /** Makes a file that is not there yet, its owner's alone while it is written, and flushes it where that is offered. */
  async create(path: string, content: Buffer): Promise<void> {
    await this.#opened(path, 'wx', async (handle) => {
      for (let at = 0; at < content.length; at += chunkBytes) {
        const length = Math.min(chunkBytes, content.length - at);
        await this.#tell(path, (done) => this.#sftp.write(handle, content, at, length, at, done));
      }
      if (this.canFlush) await this.#tell(path, (done) => this.#sftp.ext_openssh_fsync(handle, done));
    });
  }

  async setMode(path: string, mode: number): Promise<void> {
    await this.#tell(path, (done) => this.#sftp.setstat(path, { mode }, done));
  }

  async setOwner(path: string, uid: number, gid: number): Promise<void> {
    await this.#tell(path, (done) => this.#sftp.setstat(path, { uid, gid }, done));
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    await this.#tell(path, (done) => this.#sftp.mkdir(path, { mode }, done));
    // The server's umask has taken part in it.
    await this.setMode(path, mode);
  }

  /**
   * Gives a file another name, in place of what has that name now. Where the server cannot do that in one step, there is
   * a moment without either.
   */
  async replace(from: string, to: string): Promise<void> {
    if (this.canReplace) return await this.#tell(to, (done) => this.#sftp.ext_openssh_rename(from, to, done));
    await this.remove(to);
    await this.rename(from, to);
  }

  /** Throws when the new name is taken. */
  async rename(from: string, to: string): Promise<void> {
    await this.#tell(to, (done) => this.#sftp.rename(from, to, done));
  }

  /** A file that is not there is removed already. */
  async remove(path: string): Promise<void> {
    await this.#unlessGone(path, (done) => this.#sftp.unlink(path, done));
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#unlessGone(path, (done) => this.#sftp.rmdir(path, done));
  }

  /** Room for this login in the file system of a path, in KiB; null where the server does not tell. */
  async space(path: string): Promise<{ readonly freeKib: number; readonly isReadOnly: boolean } | null> {
    if (!this.#offers('statvfs@openssh.com', '2')) return null;
    const told = await this.#ask<Record<string, unknown>>(path, (done) => this.#sftp.ext_openssh_statvfs(path, done));
    const [available, size, flags] = ['f_bavail', 'f_frsize', 'f_flag'].map((name) => wholeNumber(told[name]));
    if (available === undefined || size === undefined || flags === undefined) return null;
    return { freeKib: Number((available * size) / 1024n), isReadOnly: (flags & readOnlyFlag) !== 0n };
  }

  /** ssh2 keeps what the server offers to itself; asking for an extension that is not offered makes it throw. */
  #offers(extension: string, version: string): boolean {
    const offered: unknown = Reflect.get(this.#sftp, '_extensions');
    return typeof offered === 'object' && offered !== null && Reflect.get(offered, extension) === version;
  }

  async #opened<T>(path: string, mode: 'r' | 'wx', work: (handle: Buffer) => Promise<T>): Promise<T> {
    const handle = await this.#ask<Buffer>(path, (done) => this.#sftp.open(path, mode, { mode: 0o600 }, done));
    const close = () => this.#tell(path, (done) => this.#sftp.close(handle, done));
    try {
      const result = await work(handle);
      await close();
      return result;
    } catch (error) {
      await close().catch(() => {});
      throw error;
    }
  }

  async #readChunk(path: string, handle: Buffer, position: number): Promise<Buffer> {
    const buffer = Buffer.alloc(chunkBytes);
    const length = await this.#ask<number>(path, (done) =>
      this.#sftp.read(handle, buffer, 0, chunkBytes, position, done),
    );
    return buffer.subarray(0, length);
  }

  async #ifThere(path: string, begin: (done: Done<Stats>) => void): Promise<PathFacts | null> {
    try {
      return factsOf(await this.#ask(path, begin));
    } catch (error) {
      return orNull(error);
    }
  }

  async #unlessGone(path: string, begin: (done: Told) => void): Promise<void> {
    try {
      await this.#tell(path, begin);
    } catch (error) {
      orNull(error);
    }
  }

  async #tell(path: string, begin: (done: Told) => void): Promise<void> {
    await this.#ask<undefined>(path, (done) => begin((error) => done(error, undefined)));
  }

  #ask<T>(path: string, begin: (done: Done<T>) => void): Promise<T> {
    return this.#request((resolve, reject) =>
      begin((error, value) => (error ? reject(this.#failureOf(error, path)) : resolve(value))),
    );
  }

  #failureOf(error: Error, path: string): Error {
    const code: unknown = Reflect.get(error, 'code');
    return typeof code === 'number' ? new SftpFailure(reasonOf(code), path) : this.#lost();
  }
}

/** The status codes of the draft, 7. */
function reasonOf(code: number): SftpFailureReason {
  switch (code) {
    case 2:
      return 'no-such-file';
    case 3:
      return 'permission-denied';
    case 8:
      return 'unsupported';
    default:
      return 'failure';
  }
}

function orNull(error: unknown): null {
  if (error instanceof SftpFailure && error.reason === 'no-such-file') return null;
  throw error;
}

const wholeNumber = (value: unknown): bigint | undefined =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)) ? BigInt(value) : undefined;

const factsOf = (stats: Stats): PathFacts => ({
  kind: stats.isSymbolicLink() ? 'link' : stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
  mode: stats.mode & 0o7777,
  uid: stats.uid,
  gid: stats.gid,
  size: stats.size,
  modifiedAt: stats.mtime,
});

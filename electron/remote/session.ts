// One connection, one channel at a time: parallel channels on one dropbear connection lose commands.
// The script travels on standard input whole; the command line is `sh -s` or another constant, for every user of a
// device can read command lines.

import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';
import { connectionFailure } from './failures.ts';
import { forward } from './forward.ts';
import { Sftp, type SftpRequest } from './sftp.ts';

/** What one script said. `exitCode` is null when a signal ended it; output above the cap is cut off. */
export type ScriptResult = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
};

/** Enough for a usual answer of ours, little enough for a device that floods. Per stream, in bytes. */
const usualOutputCap = 1024 * 1024;

export type RunOptions = {
  readonly timeoutMs: number;
  /** Bytes of standard output that are kept, where an answer may be larger than usual. */
  readonly outputCap?: number;
};

/** A logged-in SSH connection. */
export class RemoteSession {
  readonly #client: Client;
  readonly #endpoint: { readonly host: string; readonly port: number };
  #queue: Promise<unknown> = Promise.resolve();
  #open = true;

  constructor(client: Client, endpoint: { readonly host: string; readonly port: number }) {
    this.#client = client;
    this.#endpoint = endpoint;
    // Everything under way on it waits for its end, and many streams may be.
    client.setMaxListeners(0);
    client.once('close', () => {
      this.#open = false;
    });
  }

  /**
   * Runs a POSIX shell script on the device and waits for its end; scripts of one session run one after the other.
   * Throws `remote/connection-lost` when the connection ends before the script did, `remote/timeout` after `timeoutMs`
   * (the connection is closed then) and `remote/command-refused`. A script that fails is no error: look at `exitCode`.
   */
  runScript(script: string | Buffer, options: RunOptions): Promise<ScriptResult> {
    return this.run('sh -s', script, options);
  }

  /**
   * Like `runScript`, for another way to a shell. `command` is read by the login's own shell and seen by every user of
   * the device: a constant, never built from anything.
   */
  run(command: string, input: string | Buffer, options: RunOptions): Promise<ScriptResult> {
    return this.#inTurn(() => this.#run(command, input, options));
  }

  /**
   * A stream to an address as the server sees it. Throws `remote/unreachable` when nobody answers there,
   * `remote/forwarding-refused`, `remote/timeout`, `remote/connection-lost`.
   */
  openStream(
    to: { readonly host: string; readonly port: number },
    { timeoutMs }: { readonly timeoutMs: number },
  ): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      let isAwaited = true;
      const settle = () => {
        isAwaited = false;
        clearTimeout(timer);
        this.#client.off('close', lost);
      };
      const fail = (error: ConsoleError) => {
        settle();
        reject(error);
      };
      const lost = () => fail(connectionFailure(undefined, 'ready', this.#endpoint));
      const timer = setTimeout(() => fail(new ConsoleError('remote/timeout', { details: to })), timeoutMs);
      this.#client.once('close', lost);
      forward(this.#client, to, this.#endpoint).then(
        (channel) => {
          if (!isAwaited) return channel.destroy();
          settle();
          resolve(channel);
        },
        // ssh2 throws its own when the socket is closing.
        (error: unknown) => (this.#open && error instanceof ConsoleError ? fail(error) : lost()),
      );
    });
  }

  /**
   * Speaks with a command of the device instead of only feeding it, and waits for its end. `talk` is the one to end its
   * input. Everything else is as with `run`. Throws what `talk` throws.
   */
  converse<T>(command: string, talk: (channel: ClientChannel) => Promise<T>, { timeoutMs }: RunOptions): Promise<T> {
    return this.#inTurn(() =>
      this.#onChannel(command, timeoutMs, async (channel) => {
        const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
        try {
          return await talk(channel);
        } catch (error) {
          channel.close();
          throw error;
        } finally {
          await closed;
        }
      }),
    );
  }

  /**
   * Files over the connection's one channel, which takes no scripts any more. `timeoutMs` is for each request; after it
   * the connection is closed. Throws `remote/no-sftp` when the server does not offer it, and like `run`.
   */
  openSftp({ timeoutMs }: { readonly timeoutMs: number }): Promise<Sftp> {
    const request: SftpRequest = (begin) => this.#whileOpen(timeoutMs, begin);
    return this.#inTurn(() =>
      request<Sftp>((done, fail) =>
        this.#client.sftp((error, sftp) => {
          if (error) return fail(this.#open ? new ConsoleError('remote/no-sftp', { cause: error }) : this.#lost());
          // What fails is heard by whoever asked.
          sftp.on('error', () => {});
          sftp.on('close', () => this.close());
          done(new Sftp(sftp, request, () => this.#lost()));
        }),
      ),
    );
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Ends the connection. A script that still runs fails with `remote/connection-lost`. */
  close(): void {
    this.#client.end();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work);
    this.#queue = run.catch(() => {});
    return run;
  }

  #run(command: string, input: string | Buffer, options: RunOptions): Promise<ScriptResult> {
    const { timeoutMs, outputCap = usualOutputCap } = options;
    return this.#onChannel(command, timeoutMs, async (channel) => {
      const result = await collect(channel, input, outputCap);
      if (!result) throw this.#lost();
      return result;
    });
  }

  #onChannel<T>(command: string, timeoutMs: number, work: (channel: ClientChannel) => Promise<T>): Promise<T> {
    return this.#whileOpen(timeoutMs, (done, fail) =>
      this.#client.exec(command, (error, channel) => {
        if (!error) return void work(channel).then(done, fail);
        const refused = new ConsoleError('remote/command-refused', { details: this.#endpoint, cause: error });
        fail(this.#open ? refused : this.#lost());
      }),
    );
  }

  /** What `begin` comes to, unless the connection ends before, or after `timeoutMs` is ended. */
  #whileOpen<T>(
    timeoutMs: number,
    begin: (done: (value: T) => void, fail: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#open) return reject(this.#lost());
      const settle = () => {
        clearTimeout(timer);
        this.#client.off('close', lost);
      };
      const fail = (error: unknown) => {
        settle();
        reject(error);
      };
      const lost = () => fail(this.#lost());
      const timer = setTimeout(() => {
        fail(new ConsoleError('remote/timeout', { details: this.#endpoint }));
        this.#client.destroy();
      }, timeoutMs);
      this.#client.once('close', lost);
      try {
        begin((value) => {
          settle();
          resolve(value);
        }, fail);
      } catch {
        // ssh2 throws at once when the socket is closing.
        lost();
      }
    });
  }

  #lost(): ConsoleError {
    return connectionFailure(undefined, 'ready', this.#endpoint);
  }
}

/** Feeds `input` to the channel and gathers its answer; undefined when the channel closed without an exit status. */
function collect(channel: ClientChannel, input: string | Buffer, outputCap: number): Promise<ScriptResult | undefined> {
  return new Promise((resolve) => {
    let exit: { readonly exitCode: number | null } | undefined;
    const stdout = gather(channel, outputCap);
    const stderr = gather(channel.stderr, usualOutputCap);
    channel.once('exit', (code: number | null) => {
      exit = { exitCode: code };
    });
    channel.once('close', () => resolve(exit && { stdout: stdout(), stderr: stderr(), ...exit }));
    // A script that ends before it was read whole makes writing fail; its exit status tells more.
    channel.on('error', () => {});
    channel.end(input);
  });
}

function gather(stream: NodeJS.ReadableStream, outputCap: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, outputCap - size);
    size += kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

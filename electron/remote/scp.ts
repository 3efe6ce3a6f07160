// Files by `scp -t` on the other side, as scp(1) of OpenSSH up to 8 sends them: a line with mode, length and name, the
// bytes, a NUL; each is answered by a byte, 0 for yes, 1 or 2 with a line that says why not. No document describes it but
// the sources (scp.c, sink()).

import type { ClientChannel } from 'ssh2';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { RemoteSession } from './session.ts';
import { plainName, quote } from './shell/script.ts';

/** What scp said instead of yes; `exitCode` when it ended: 127 where there is no scp. */
export class ScpFailure extends Error {
  readonly said: string;
  readonly exitCode: number | null;

  constructor(said: string, exitCode: number | null) {
    super(`scp: ${said}`);
    this.name = 'ScpFailure';
    this.said = said;
    this.exitCode = exitCode;
  }
}

/**
 * Brings files into a directory that is there, each its owner's alone. `directory` is seen by every user of the device.
 * Throws ScpFailure, and like `RemoteSession.run`; a part of the files may lie there then.
 */
export async function sendByScp(
  session: RemoteSession,
  directory: string,
  files: readonly { readonly name: string; readonly content: string }[],
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<void> {
  for (const { name } of files) plainName(name);
  await session.converse(
    `scp -t ${quote(directory)}`,
    async (channel) => {
      const accepted = listen(channel);
      await accepted();
      for (const { name, content } of files) {
        channel.write(`C0600 ${Buffer.byteLength(content)} ${name}\n`);
        await accepted();
        channel.write(content);
        channel.write('\0');
        await accepted();
      }
      channel.end();
    },
    { timeoutMs },
  );
}

const longestComplaint = 300;

/** A function that waits for the next yes. */
function listen(channel: ClientChannel): () => Promise<void> {
  let heard = Buffer.alloc(0);
  let errors = '';
  let exit: { readonly code: number | null } | undefined;
  let isClosed = false;
  let wake = () => {};
  channel.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk.subarray(0, 4096)]);
    wake();
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(0, longestComplaint);
  });
  channel.on('exit', (code: number | null) => {
    exit = { code };
  });
  channel.on('close', () => {
    isClosed = true;
    wake();
  });
  // Writing to a channel that has ended fails; why it has ended tells more.
  channel.on('error', () => {});

  return async () => {
    for (;;) {
      const [first] = heard;
      if (first === 0) {
        heard = heard.subarray(1);
        return;
      }
      const lineEnd = heard.indexOf('\n');
      if (first !== undefined && (lineEnd >= 0 || heard.length > longestComplaint || isClosed)) {
        const said = heard.subarray(first <= 2 ? 1 : 0, lineEnd < 0 ? longestComplaint : lineEnd).toString('utf8');
        throw new ScpFailure(said.trim(), null);
      }
      if (isClosed) {
        if (!exit) throw new ConsoleError('remote/connection-lost');
        throw new ScpFailure(errors.trim(), exit.code);
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

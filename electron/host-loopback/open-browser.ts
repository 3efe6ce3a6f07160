// Opens the start address in the operator's browser.
// The address holds a token, and every user of the machine can read a process's arguments. So the browser is given a
// private file that leads to the address, and the token never stands in an argument list.

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../platform/files.ts';
import type { Logger } from '../platform/log.ts';

/** The program that opens a file as a double click would; undefined where there is no screen. */
export function openerFor(
  platform: NodeJS.Platform,
  environment: { readonly DISPLAY?: string | undefined; readonly WAYLAND_DISPLAY?: string | undefined },
): string | undefined {
  switch (platform) {
    case 'darwin':
      return 'open';
    case 'win32':
      return 'explorer.exe';
    default:
      return environment.DISPLAY || environment.WAYLAND_DISPLAY ? 'xdg-open' : undefined;
  }
}

/** The page that leads to `url`, which consists of URL characters only. */
const pageFor = (url: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Voke Console</title><a href="${url}">Open the console</a>`;

export class BrowserOpener {
  readonly #path: string;
  readonly #logger: Logger;

  /** `directory` is private; the page lies there until `close`. */
  constructor(directory: string, logger: Logger) {
    this.#path = join(directory, 'open-console.html');
    this.#logger = logger;
  }

  /** Hands the page that leads to `url` to `opener`. A browser that does not come up is only logged: the address was printed. */
  async open(opener: string, url: string): Promise<void> {
    await writeFileAtomically(this.#path, pageFor(url));
    const child = spawn(opener, [this.#path], { stdio: 'ignore', detached: true });
    child.once('error', (error) => this.#logger.warn('the browser could not be opened', { opener, error }));
    child.unref();
  }

  async close(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

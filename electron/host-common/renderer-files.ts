// The built window, as both hosts serve it.
// The folder is listed once, when the host starts, and only listed names are ever opened: a path that climbs out of the
// folder is simply not on the list, however it is spelled.

import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export type RendererFile = { readonly content: Uint8Array<ArrayBuffer>; readonly mediaType: string };

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

export class RendererFiles {
  readonly #files: ReadonlyMap<string, string>;

  private constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** Lists `directory`; one that does not exist has no files. */
  static async open(directory: string): Promise<RendererFiles> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new RendererFiles(
      new Map(paths.map((path) => [`/${relative(directory, path).split(sep).join('/')}`, path])),
    );
  }

  /** Whether the window was built. */
  get complete(): boolean {
    return this.#files.has('/index.html');
  }

  /** The file at a URL's path (still percent-encoded), `/` being the start page; undefined when there is none. */
  async read(pathname: string): Promise<RendererFile | undefined> {
    const path = this.#files.get(pathname === '/' ? '/index.html' : pathname);
    if (path === undefined) return undefined;
    return {
      content: new Uint8Array(await readFile(path)),
      mediaType: mediaTypes[extname(path)] ?? 'application/octet-stream',
    };
  }
}

// The policy service by files alone, as a container beside a broker runs it. It does not start with a file that is wrong;
// while it runs, such a file leaves the last good one in force, and the log says so.

import { readFile } from 'node:fs/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { RuleSet } from '../decide.ts';
import { readKeySet } from '../keys/key-set.ts';
import type { TokenKeySource } from '../keys/key-source.ts';
import { parsePolicy } from '../rules.ts';
import { TokenVerifier } from '../subjects.ts';
import { Authorizer } from './authorizer.ts';
import type { ServiceArguments } from './command-line.ts';
import { PolicyListener } from './listener.ts';
import { WatchedFile } from './watched-file.ts';

export type FileService = { readonly port: number; readonly isTls: boolean; close(): Promise<void> };

type Parts = { readonly clock: Clock; readonly logger: Logger };

/** Throws `policy/rules-invalid`, `policy/key-invalid`, `policy/tls-required`, `policy/listen-failed`, and what reading a file throws. */
export async function startFileService(args: ServiceArguments, { clock, logger }: Parts): Promise<FileService> {
  const { address, port, cacheSeconds, issuer, audience } = args;
  const expected = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
  const rulesFile = new WatchedFile(args.rules);
  const { source, file: keyFile } = await openKeys(args);
  const authorizer = new Authorizer({
    clock,
    verifier: new TokenVerifier(source, expected),
    rules: rulesOf(await rulesFile.read()),
    cacheSeconds,
  });
  const certificate = args.tls && {
    cert: await readFile(args.tls.cert, 'utf8'),
    key: await readFile(args.tls.key, 'utf8'),
  };
  const listener = await PolicyListener.open({ authorizer, logger, address, port, certificate });

  const follow = (file: WatchedFile, take: (content: string) => void) =>
    file.watch((content) => {
      const { path } = file;
      try {
        if (content instanceof Error) throw content;
        take(content);
        logger.info('a changed file is in force', { path });
      } catch (error) {
        const fields = error instanceof ConsoleError ? { faults: error.fields } : {};
        logger.error('a changed file is wrong; the one before stays in force', { path, error, ...fields });
      }
    });
  follow(rulesFile, (content) => authorizer.takeRules(rulesOf(content)));
  if (keyFile)
    follow(keyFile.watched, (content) => authorizer.takeTokenCheck(new TokenVerifier(keyFile.read(content), expected)));
  return {
    port: listener.port,
    isTls: listener.isTls,
    close: async () => {
      rulesFile.close();
      keyFile?.watched.close();
      await listener.close();
    },
  };
}

const rulesOf = (text: string): RuleSet => new RuleSet(parsePolicy(text).document);

type Keys = {
  readonly source: TokenKeySource;
  /** Where they come from a file. */
  readonly file?: { readonly watched: WatchedFile; read(content: string): TokenKeySource };
};

async function openKeys({ keys, authority }: ServiceArguments): Promise<Keys> {
  switch (keys.kind) {
    case 'address': {
      const authorityPem = authority === undefined ? null : await readFile(authority, 'utf8');
      return { source: { kind: 'address', url: keys.url, authorityPem } };
    }
    case 'key':
      return openKeyFile(keys.path, (pem) => ({ kind: 'pem', pem }));
    case 'jwks':
      return openKeyFile(keys.path, (text) => ({ kind: 'jwk-set', keySet: readKeySet(text) }));
  }
}

async function openKeyFile(path: string, read: (content: string) => TokenKeySource): Promise<Keys> {
  const watched = new WatchedFile(path);
  return { source: read(await watched.read()), file: { watched, read } };
}

// A container's log, as far as its engine keeps one that can be read.

import { redact } from '../../../platform/log.ts';
import type { FoundContainer } from './container.ts';
import { type DockerEngine, statusOf } from './engine.ts';
import { framesOf, textOf } from './streams.ts';

export type LogLine = {
  /** RFC 3339 with nine digits of a second, by the engine's clock; such texts sort as the times do. */
  readonly at: string;
  readonly text: string;
};

const maxLineLength = 500;

/** Of the last `count` lines of a container's log those that are wanted, oldest first; empty where the engine keeps none. */
export async function readLog(
  engine: DockerEngine,
  container: FoundContainer,
  count: number,
  isWanted: (text: string) => boolean = () => true,
): Promise<LogLine[]> {
  const bytes = await engine.call((docker) =>
    docker
      .getContainer(container.id)
      .logs({ stdout: true, stderr: true, timestamps: true, tail: count })
      .catch((error: unknown) => {
        if (cannotBeRead(error)) return undefined;
        throw error;
      }),
  );
  if (!bytes) return [];
  const text = container.hasTerminal ? bytes.toString('utf8') : textOf(framesOf(bytes));
  return text
    .split('\n')
    .filter((line) => line !== '' && isWanted(line.slice(line.indexOf(' ') + 1).trimEnd()))
    .map((line) => {
      const [at = '', ...words] = line.trimEnd().split(' ');
      return { at, text: String(redact(words.join(' '))).slice(0, maxLineLength) };
    });
}

/** Logging drivers such as `none` and `syslog` answer so. */
const cannotBeRead = (error: unknown): boolean => statusOf(error) === 501 || statusOf(error) === 500;

// How the Mosquitto in a container is asked and told.
// - SIGHUP is sent from inside: the API's kill would mark the container as stopped by hand.
// - An engine that starts a container again and again calls it running in between. So a start counts when Mosquitto
//   says that it runs, or, where its log cannot be read, when it has run for a while without being started again.

import { setTimeout as delay } from 'node:timers/promises';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import type { BrokerControl, LogSearch, ShellHost } from '../shell-host.ts';
import type { DockerContainer } from './container.ts';
import { type DockerEngine, statusOf } from './engine.ts';
import { readLog } from './log.ts';

/** Mosquitto writes its persistence file before it ends. */
const stopSeconds = 10;
const restartTimeoutMs = 30_000;
const startTimeoutMs = 15_000;
const settledMs = 3_000;
const pollMs = 50;
const scriptTimeoutMs = 15_000;
const readLines = 200;
/** An engine cannot search: that much is brought over. */
const searchedLines = 50_000;
const shownLines = 10;

export class DockerControl implements BrokerControl {
  readonly #engine: DockerEngine;
  readonly #container: DockerContainer;
  readonly #host: ShellHost;

  constructor(engine: DockerEngine, container: DockerContainer, host: ShellHost) {
    this.#engine = engine;
    this.#container = container;
    this.#host = host;
  }

  async version(): Promise<string> {
    const { stdout } = await this.#host.run('mosquitto -h', { timeoutMs: scriptTimeoutMs });
    return stdout;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#container.find())?.isUp === true;
  }

  /** Throws `broker/not-running`. */
  async reload(): Promise<void> {
    if (!(await this.isRunning())) throw new ConsoleError('broker/not-running');
    const { exitCode, stderr } = await this.#host.run('kill -HUP 1', { timeoutMs: scriptTimeoutMs });
    if (exitCode !== 0) throw new ConsoleError('broker/engine-failed', { because: stderr.trim().slice(0, 200) });
  }

  /** Throws `broker/start-failed`, `broker/port-busy`, `broker/container-missing`; the container is stopped then. */
  async restart(): Promise<void> {
    const container = await this.#container.require();
    const lastLine = (await readLog(this.#engine, container, 1))[0]?.at ?? '';
    await this.#engine
      .call((docker) => docker.getContainer(container.id).restart({ t: stopSeconds }), { timeoutMs: restartTimeoutMs })
      .catch((error: unknown) => {
        throw publishedPortFailure(error) ?? error;
      });

    const begun = Date.now();
    const { startedAt } = await this.#container.require();
    for (;;) {
      const now = await this.#container.require();
      const lines = (await readLog(this.#engine, now, readLines))
        .filter(({ at }) => at > lastLine)
        .map(({ text }) => text);
      const isSteady = now.isUp && now.startedAt === startedAt;
      if (isSteady && (lines.some(saysRunning) || Date.now() - begun > settledMs)) return;
      if (!isSteady || Date.now() - begun > startTimeoutMs) {
        // One that does not start is not left being started for ever.
        await this.stop();
        throw startFailure(lines);
      }
      await delay(pollMs);
    }
  }

  async stop(): Promise<void> {
    const found = await this.#container.find();
    if (!found) return;
    await this.#engine.call(
      (docker) =>
        docker
          .getContainer(found.id)
          .stop({ t: stopSeconds })
          .catch((error: unknown) => {
            // Stopped already.
            if (statusOf(error) !== 304) throw error;
          }),
      { timeoutMs: restartTimeoutMs },
    );
  }

  async log(lines: number): Promise<readonly string[]> {
    const found = await this.#container.find();
    return found ? (await readLog(this.#engine, found, lines)).map(({ text }) => text) : [];
  }

  async search({ pattern, wants, within, lines }: LogSearch): Promise<readonly string[]> {
    const found = await this.#container.find();
    if (!found) return [];
    const matcher = new RegExp(pattern);
    const isWanted = (line: string) => matcher.test(line) === (wants === 'matching');
    const log = await readLog(this.#engine, found, Math.min(within, searchedLines), isWanted);
    return log.slice(-lines).map(({ text }) => text);
  }
}

const saysRunning = (line: string): boolean => /mosquitto version \S+ running/.test(line);

function startFailure(lines: readonly string[]): ConsoleError {
  if (lines.some((line) => line.includes('Address already in use'))) {
    const opened = lines.findLast((line) => /listen socket on port \d+/.test(line));
    return portBusy(opened?.match(/on port (\d+)/)?.[1]);
  }
  const because = lines.find((line) => line.includes('Error: ')) ?? lines.at(-1);
  return new ConsoleError('broker/start-failed', {
    ...(because !== undefined && { because }),
    details: { log: lines.slice(-shownLines) },
  });
}

/** What an engine says of a port that it should publish and another program holds. */
function publishedPortFailure(error: unknown): ConsoleError | undefined {
  if (!(error instanceof ConsoleError) || error.code !== 'broker/engine-failed') return undefined;
  if (!/port is already allocated|address already in use/.test(error.message)) return undefined;
  return portBusy(error.message.match(/:(\d+)(?::| failed)/)?.[1]);
}

const portBusy = (port: string | undefined): ConsoleError =>
  new ConsoleError('broker/port-busy', port === undefined ? {} : { because: `port ${port}`, details: { port } });

// Runs a script where the broker's files are: in its container while that is up, else in a short-lived container of the
// same image that shares its volumes.
// - The script travels on standard input, and ends with `exit`: not every way to an engine can close one direction only,
//   so the shell must not wait for the end of its input.
// - It runs as root, because it gives the files to the broker's account.

import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ConsoleError } from '../../../../shared/model/errors.ts';
import type { ScriptResult } from '../../../remote/session.ts';
import type { ShellHost } from '../shell-host.ts';
import { type DockerContainer, type FoundContainer, madeByConsole } from './container.ts';
import { type DockerEngine, statusOf } from './engine.ts';
import { framesOf, readToEnd, textOf } from './streams.ts';

/** Bytes of standard output. */
const defaultOutputCap = 1024 * 1024;
const user = '0:0';
const helperLabel = `${madeByConsole}.helper`;
/** Longer than any script may take. */
const leftoverSeconds = 3600;

type RunOptions = { readonly timeoutMs: number; readonly outputCap?: number };

export class DockerShellHost implements ShellHost {
  readonly #engine: DockerEngine;
  readonly #container: DockerContainer;

  constructor(engine: DockerEngine, container: DockerContainer) {
    this.#engine = engine;
    this.#container = container;
  }

  /** Throws `broker/container-missing` when there is neither a container nor an image to make it from, `broker/engine-*`. */
  async run(script: string, options: RunOptions): Promise<ScriptResult> {
    const found = await this.#container.find();
    if (found?.isUp) {
      const result = await this.#runInside(found, script, options);
      if (result) return result;
    }
    return this.#runBeside(found, script, options);
  }

  /** Undefined when the container has stopped meanwhile: then nothing ran. */
  async #runInside({ id }: FoundContainer, script: string, options: RunOptions): Promise<ScriptResult | undefined> {
    return this.#engine.call(async (docker) => {
      const exec = await unlessStopped(
        docker.getContainer(id).exec({
          Cmd: ['sh', '-s'],
          User: user,
          AttachStdin: true,
          AttachStdout: true,
          AttachStderr: true,
        }),
      );
      const stream = exec && (await unlessStopped(exec.start({ hijack: true, stdin: true })));
      if (!exec || !stream) return undefined;
      const output = await feed(stream, script, options);
      return { ...output, exitCode: await exitCodeOf(exec) };
    }, withAnswers(options));
  }

  async #runBeside(found: FoundContainer | undefined, script: string, options: RunOptions): Promise<ScriptResult> {
    const image = found?.imageId ?? (await this.#container.imageId());
    return this.#engine.call(async (docker) => {
      const helper = await docker.createContainer({
        Image: image,
        Entrypoint: ['sh'],
        Cmd: ['-s'],
        User: user,
        Labels: { [helperLabel]: '' },
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: { NetworkMode: 'none', ...(found && { VolumesFrom: [found.id] }) },
      });
      try {
        await removeLeftovers(docker, helper.id);
        const stream = await helper.attach({ hijack: true, stream: true, stdin: true, stdout: true, stderr: true });
        await helper.start();
        const output = await feed(stream, script, options);
        const { StatusCode } = await helper.wait();
        return { ...output, exitCode: StatusCode };
      } finally {
        await helper.remove({ force: true, v: true });
      }
    }, withAnswers(options));
  }
}

/**
 * Removes what a console that was killed has left behind.
 * - One that ended a moment ago is another script's, which removes it itself, so only old ones are taken.
 * - How old one is, the engine's own clock tells: beside `newest`, which was made just now.
 */
async function removeLeftovers(docker: Docker, newest: string): Promise<void> {
  const helpers = await docker.listContainers({ all: true, filters: { label: [helperLabel] } });
  const now = helpers.find(({ Id }) => Id === newest)?.Created ?? 0;
  const left = helpers.filter(({ State, Created }) => State !== 'running' && Created < now - leftoverSeconds);
  // Another console may be at it too.
  await Promise.all(
    left.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ v: true })
        .catch(() => {}),
    ),
  );
}

/** A script's own time, and what the engine needs around it. */
const withAnswers = ({ timeoutMs }: RunOptions) => ({ timeoutMs: timeoutMs + 30_000 });

/** Throws `broker/engine-timeout` when the script does not end. */
async function feed(
  stream: NodeJS.ReadWriteStream,
  script: string,
  { timeoutMs, outputCap = defaultOutputCap }: RunOptions,
): Promise<Omit<ScriptResult, 'exitCode'>> {
  let isLate = false;
  const end = () => 'destroy' in stream && typeof stream.destroy === 'function' && stream.destroy();
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  try {
    const answer = readToEnd(stream);
    stream.write(`${script}\nexit $?\n`);
    const frames = framesOf(await answer);
    if (isLate) throw new ConsoleError('broker/engine-timeout');
    return {
      stdout: textOf(
        frames.filter(({ stream: name }) => name === 'stdout'),
        outputCap,
      ),
      stderr: textOf(
        frames.filter(({ stream: name }) => name === 'stderr'),
        defaultOutputCap,
      ),
    };
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** The engine tells the end of a command's output before it notes its exit status. */
async function exitCodeOf(exec: Docker.Exec): Promise<number | null> {
  for (let tries = 0; tries < 100; tries++) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await delay(20);
  }
  return null;
}

/** 404 and 409 are the engine's answers for a container that does not run, or not any more. */
async function unlessStopped<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 409) return undefined;
    throw error;
  }
}

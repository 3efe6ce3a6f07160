// Real servers as child processes of a test, on ports of their own, ended by their own process id.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as openSocket, type Socket } from 'node:net';
import { freePorts } from '../../electron/platform/free-port.ts';

export type RunningServer = {
  readonly pid: number;
  readonly stop: () => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: () => Promise<void>;
  readonly log: () => string;
};

type ServerPlace = number | string | { readonly host: string; readonly port: number };

/** A loopback port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * Starts a program and waits until it accepts connections, on a loopback port, a Unix socket's path or elsewhere.
 * Throws with its log when it ends before.
 */
export async function startServer(program: string, args: readonly string[], at: ServerPlace): Promise<RunningServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  while (!(await accepts(at))) {
    if (failed) throw new Error(`${program} is missing or cannot run: ${failed.message}`);
    if (child.exitCode !== null) throw new Error(`${program} ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    pid: child.pid ?? 0,
    stop: () => stop(child),
    signal: (name) => void child.kill(name),
    ended: () => ended(child),
    log: () => log,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function stop(child: ChildProcess): Promise<void> {
  const isEnded = ended(child);
  child.kill('SIGTERM');
  await isEnded;
}

function accepts(at: ServerPlace): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openPlace(at);
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

function openPlace(at: ServerPlace): Socket {
  switch (typeof at) {
    case 'string':
      return openSocket(at);
    case 'number':
      return openSocket(at, '127.0.0.1');
    case 'object':
      return openSocket(at.port, at.host);
  }
}

/** Runs a program to its end and answers with what it printed. `input` goes to its standard input. */
export async function run(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8');
  });
  // A program that reads no input may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${complaint}`);
  return output;
}

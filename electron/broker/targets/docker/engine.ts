// The way to a Docker engine, and what it means when it fails.
// - Every option is given, because dockerode fills gaps from DOCKER_HOST and DOCKER_CERT_PATH, which would lead to
//   another engine than the one the operator named.
// - The TLS key goes into a secure context, where no debug output of a library can print it.
// - TCP is spoken with TLS only: whoever may speak to an engine is root on its machine.

import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import Docker from 'dockerode';
import type { DockerEngineAddress, DockerEngineTls } from '../../../../shared/model/broker.ts';
import { ConsoleError, type ErrorCode, type ErrorDetails } from '../../../../shared/model/errors.ts';

/** Enough for an engine on a slow disk to answer about one container. */
const answerTimeoutMs = 30_000;

/** A Docker engine; every failure of a call comes as a ConsoleError. */
export class DockerEngine {
  readonly #docker: Docker;

  /** Throws `broker/engine-untrusted` when a TCP address comes without readable TLS material. */
  constructor(address: DockerEngineAddress, tls?: DockerEngineTls) {
    this.#docker = new Docker(dockerOptions(address, tls));
  }

  /**
   * Asks the engine. `what` names the thing asked for in the sentence of a failure.
   * Throws `broker/engine-not-running`, `-forbidden`, `-untrusted`, `-timeout`, or `broker/engine-failed` with its words.
   */
  async call<T>(
    work: (docker: Docker) => Promise<T>,
    { timeoutMs = answerTimeoutMs }: { readonly timeoutMs?: number } = {},
  ): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ConsoleError('broker/engine-timeout')), timeoutMs);
    });
    try {
      return await Promise.race([work(this.#docker), late]);
    } catch (error) {
      throw error instanceof ConsoleError ? error : engineFailure(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Like `call`; undefined when the engine says that the thing is not there. */
  async find<T>(work: (docker: Docker) => Promise<T>): Promise<T | undefined> {
    return this.call((docker) =>
      work(docker).catch((error: unknown) => {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }),
    );
  }
}

function dockerOptions(
  address: DockerEngineAddress,
  tls: DockerEngineTls | undefined,
): Docker.DockerOptions & { readonly agent?: Agent } {
  switch (address.kind) {
    case 'socket':
    case 'namedPipe':
      return { ...noDefaults, socketPath: address.path, protocol: 'http' };
    case 'tcp':
      return { ...noDefaults, host: address.host, port: address.port, protocol: 'https', agent: tlsAgent(tls) };
  }
}

/** Given as undefined, they are not read from the environment. */
const noDefaults = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  username: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
  pathPrefix: '/',
};

function tlsAgent(tls: DockerEngineTls | undefined): Agent {
  if (!tls) throw new ConsoleError('broker/engine-untrusted', { because: 'its certificates are not entered yet' });
  try {
    const secureContext = createSecureContext({ ca: tls.authorityPem, cert: tls.certificatePem, key: tls.keyPem });
    return new Agent({ secureContext });
  } catch {
    // OpenSSL's own words could quote the key.
    throw new ConsoleError('broker/engine-untrusted', { because: 'its certificates or its key cannot be read' });
  }
}

const codesOfReasons: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'broker/engine-not-running',
  ECONNREFUSED: 'broker/engine-not-running',
  ENOTSOCK: 'broker/engine-not-running',
  ECONNRESET: 'broker/engine-not-running',
  EPIPE: 'broker/engine-not-running',
  ENOTFOUND: 'broker/engine-not-running',
  EHOSTUNREACH: 'broker/engine-not-running',
  ENETUNREACH: 'broker/engine-not-running',
  ETIMEDOUT: 'broker/engine-not-running',
  EACCES: 'broker/engine-forbidden',
  EPERM: 'broker/engine-forbidden',
};

const tlsReason = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET))/;

/** What dockerode reports, in the words of the error catalog. */
export function engineFailure(error: unknown): ConsoleError {
  const reason = property(error, 'code');
  if (typeof reason === 'string') {
    const details: ErrorDetails = { reason };
    if (tlsReason.test(reason)) return new ConsoleError('broker/engine-untrusted', { details, cause: error });
    const code = codesOfReasons[reason];
    if (code !== undefined) return new ConsoleError(code, { details, cause: error });
  }
  const said = property(property(error, 'json'), 'message');
  return new ConsoleError('broker/engine-failed', {
    because: typeof said === 'string' ? said.trim() : 'it gave no reason',
    details: { status: statusOf(error) ?? null },
    cause: error,
  });
}

/** The HTTP status of an answer that dockerode turned into an error. */
export function statusOf(error: unknown): number | undefined {
  const status = property(error, 'statusCode');
  return typeof status === 'number' ? status : undefined;
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

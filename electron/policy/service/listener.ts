// The listener that brokers ask. It stands beside the console's own doors and shares nothing with them.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { isLoopbackAddress } from '../../../shared/model/policy-service.ts';
import type { Logger } from '../../platform/log.ts';
import type { Authorizer } from './authorizer.ts';
import { type AnswerCounts, answerBrokers } from './endpoints.ts';
import { answerUnreadable } from './unreadable.ts';

const limits = {
  /** A token of 64 KiB travels in a header. */
  maxHeaderSize: 80 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  /** Node looks at both limits that often; left alone, every 30 seconds. */
  connectionsCheckingInterval: 5_000,
  /** Longer than a broker is silent between two questions of a talking plant. */
  keepAliveTimeout: 65_000,
};
const maxConnections = 2_000;

/** A certificate with its key, as PEM. */
export type ServiceCertificate = { readonly cert: string; readonly key: string };

export type PolicyListenerOptions = {
  readonly authorizer: Authorizer;
  readonly logger: Logger;
  /** An IP address of this machine. */
  readonly address: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Left out: no TLS, which is for a loopback address only. */
  readonly certificate?: ServiceCertificate | undefined;
};

export class PolicyListener {
  readonly counts: AnswerCounts = { allowed: 0, denied: 0, notUnderstood: 0 };
  readonly isTls: boolean;
  readonly #server: Server | TlsServer;

  private constructor({ authorizer, logger, certificate }: PolicyListenerOptions) {
    const listener = answerBrokers(authorizer, this.counts, logger);
    this.isTls = certificate !== undefined;
    this.#server = certificate
      ? createTlsServer({ ...limits, ...certificate, minVersion: 'TLSv1.2' }, listener)
      : createServer(limits, listener);
    this.#server.maxConnections = maxConnections;
    answerUnreadable(this.#server, () => {
      this.counts.notUnderstood += 1;
    });
  }

  /** Throws `policy/tls-required`, `policy/listen-failed`. */
  static async open(options: PolicyListenerOptions): Promise<PolicyListener> {
    const { address: host, port, certificate } = options;
    if (!certificate && !isLoopbackAddress(host)) throw new ConsoleError('policy/tls-required');
    try {
      const listener = new PolicyListener(options);
      listener.#server.listen({ host, port, exclusive: true });
      await once(listener.#server, 'listening');
      listener.#server.on('error', (error) => options.logger.error('the policy service has a fault', { error }));
      return listener;
    } catch (cause) {
      const because = cause instanceof Error && 'code' in cause ? String(cause.code) : 'the certificate';
      throw new ConsoleError('policy/listen-failed', { because, details: { address: host, port }, cause });
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Shows another certificate from the next connection on. */
  renew(certificate: ServiceCertificate): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext({ ...certificate, minVersion: 'TLSv1.2' });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

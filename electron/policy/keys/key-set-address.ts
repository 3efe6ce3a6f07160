// The keys behind an address, fetched when they are first needed.
// - A token by a key that the set does not hold may be by a new one, so the set is fetched anew; but not more often than
//   twice a minute, since anybody can send such a token.
// - While the address does not answer, the last set goes on counting for an hour: a plant outlives a restart of its
//   identity provider. After that nobody can tell whether a key was withdrawn, and no token counts.

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { fetchKeySet } from './fetch-key-set.ts';

const refreshMs = 5 * 60_000;
const pauseMs = 30_000;
const longestMs = 60 * 60_000;

export type KeySetAddressOptions = {
  readonly url: string;
  /** Whom the address's certificate must be by; left out: whom this system trusts. */
  readonly authorityPem?: string | undefined;
  readonly monotonicMs?: () => number;
  readonly fetch?: (url: URL, authorityPem: string | undefined) => Promise<JSONWebKeySet>;
};

export class KeySetAddress {
  readonly #options: Required<Pick<KeySetAddressOptions, 'monotonicMs' | 'fetch'>> & KeySetAddressOptions;
  readonly #url: URL;
  #keys: { readonly find: ReturnType<typeof createLocalJWKSet>; readonly fetchedAt: number } | undefined;
  #asked = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  /** Throws `policy/key-invalid` unless the address is https, or on this machine. */
  constructor(options: KeySetAddressOptions) {
    this.#options = { monotonicMs: () => performance.now(), fetch: fetchKeySet, ...options };
    this.#url = readAddress(options.url);
  }

  /** The key that a token says it is by. Throws `policy/key-unreachable`, and jose's errors for a key that is not there. */
  async find(...[header, token]: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (this.#age() > longestMs) await this.#refresh();
    else if (this.#age() > refreshMs) void this.#refresh();
    try {
      return await this.#current()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const before = this.#keys;
      await this.#refresh();
      if (this.#keys === before) throw error;
      return await this.#current()(header, token);
    }
  }

  #age(): number {
    return this.#keys ? this.#options.monotonicMs() - this.#keys.fetchedAt : Number.POSITIVE_INFINITY;
  }

  #current() {
    if (!this.#keys || this.#age() > longestMs) throw new ConsoleError('policy/key-unreachable');
    return this.#keys.find;
  }

  /** One at a time; it never throws: what there is goes on counting. */
  #refresh(): Promise<void> {
    if (!this.#asking && this.#options.monotonicMs() - this.#asked >= pauseMs) {
      this.#asked = this.#options.monotonicMs();
      this.#asking = this.#fetch().finally(() => {
        this.#asking = undefined;
      });
    }
    return this.#asking ?? Promise.resolve();
  }

  async #fetch(): Promise<void> {
    try {
      const keySet = await this.#options.fetch(this.#url, this.#options.authorityPem);
      this.#keys = { find: createLocalJWKSet(keySet), fetchedAt: this.#options.monotonicMs() };
    } catch {
      // Whoever asked is told by #current, once there is nothing left to go by.
    }
  }
}

function readAddress(text: string): URL {
  if (!URL.canParse(text)) throw new ConsoleError('policy/key-invalid', { because: 'this is no address' });
  const url = new URL(text);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    throw new ConsoleError('policy/key-invalid', { because: 'the address must be https' });
  return url;
}

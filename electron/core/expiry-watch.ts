// Tells the host, at the unlock and every hour while the vault is open, what is about to end.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import type { OperationContext } from '../operations/context.ts';
import { takeExpiryNotice } from '../operations/expiry-notices.ts';
import type { Logger } from '../platform/log.ts';

const everyMs = 60 * 60 * 1000;

type Options = {
  readonly logger: Logger;
  /** Undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
  readonly notify: (notice: HostNotice) => void;
};

export class ExpiryWatch {
  readonly #options: Options;
  readonly #timer: NodeJS.Timeout;

  constructor(options: Options) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  async look(): Promise<void> {
    const { context, notify, logger } = this.#options;
    const open = context();
    if (!open) return;
    try {
      const notice = await takeExpiryNotice(open);
      if (notice) notify(notice);
    } catch (error) {
      if (!isOfNoInterest(error)) logger.error('expiries could not be looked at', { error });
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** There is no authority yet, or none any more, or the vault was locked meanwhile: the next look tells. */
const isOfNoInterest = (error: unknown): boolean =>
  error instanceof ConsoleError &&
  ['authority/not-found', 'authority/key-missing', 'vault/locked'].includes(error.code);

// Holds the one vault of this console open, and lets it go: by hand, when the screen locks, or when nobody called for a while.
// Everything that needs the vault asks here, at each call; nobody keeps it.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { VaultState } from '../../shared/model/vault.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { OpenVault } from '../vault/rows.ts';
import { type LookAtReplaced, VaultFile, type VaultFileOptions } from '../vault/vault.ts';

const idleLockSetting = 'idle-lock-minutes';
const defaultIdleMinutes = 15;
const idleCheckMilliseconds = 5_000;

type Options = {
  readonly file: Omit<VaultFileOptions, 'clock' | 'onLock'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** While it answers true, the idle lock waits: somebody's work is under way. */
  readonly isBusy: () => boolean;
  /** The vault was opened, or locked. */
  readonly onChange: (state: VaultState) => void;
};

export class VaultKeeper {
  readonly #options: Options;
  readonly #file: VaultFile;
  readonly #idleTimer: NodeJS.Timeout;
  #open: OpenVault | undefined;
  #lastCall: number;

  constructor(options: Options) {
    this.#options = options;
    this.#file = new VaultFile({ ...options.file, clock: options.clock, onLock: () => this.#letGo() });
    this.#lastCall = options.clock.now().getTime();
    this.#idleTimer = setInterval(() => this.#lockWhenIdle(), idleCheckMilliseconds);
    this.#idleTimer.unref();
  }

  state(): VaultState {
    return this.#file.state();
  }

  /** The vault if it is open. */
  open(): OpenVault | undefined {
    return this.#open;
  }

  /** The open vault. Throws `vault/absent` or `vault/locked`. */
  require(): OpenVault {
    if (!this.#open) throw new ConsoleError(this.#file.state() === 'absent' ? 'vault/absent' : 'vault/locked');
    return this.#open;
  }

  /** Somebody is there. */
  touch(): void {
    this.#lastCall = this.#options.clock.now().getTime();
  }

  async create(passphrase: string): Promise<void> {
    this.#adopt(await this.#file.create(passphrase));
  }

  async unlock(passphrase: string): Promise<void> {
    this.#adopt(await this.#file.unlock(passphrase));
  }

  lock(reason: string): void {
    if (this.#open) this.#options.logger.info('vault locked', { reason });
    this.#file.lock();
  }

  async backup(): Promise<Uint8Array> {
    return await this.#file.backup();
  }

  /** `look` is shown the vault that is replaced, where it can be read. */
  async restore(bytes: Uint8Array, passphrase: string, look: LookAtReplaced): Promise<void> {
    this.#adopt(await this.#file.restore(bytes, passphrase, look));
  }

  idleMinutes(): number {
    return Number(this.require().settings.get(idleLockSetting) ?? defaultIdleMinutes);
  }

  setIdleMinutes(minutes: number): void {
    this.require().settings.set(idleLockSetting, String(minutes));
  }

  close(): void {
    clearInterval(this.#idleTimer);
    this.#file.close();
  }

  #adopt(open: OpenVault): void {
    if (open === this.#open) return;
    this.#open = open;
    this.touch();
    for (const { kind, subject, step } of open.operations.markInterrupted(this.#options.clock.now().toISOString())) {
      this.#options.logger.warn('an operation was cut off by a crash', { kind, subject, step });
    }
    this.#options.onChange(this.state());
  }

  #letGo(): void {
    if (!this.#open) return;
    this.#open = undefined;
    this.#options.onChange(this.state());
  }

  #lockWhenIdle(): void {
    if (!this.#open || this.#options.isBusy()) return;
    const minutes = this.idleMinutes();
    const idleMs = this.#options.clock.now().getTime() - this.#lastCall;
    if (minutes > 0 && idleMs >= minutes * 60_000) this.lock('idle');
  }
}

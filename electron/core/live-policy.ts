// The policy service while it runs. It needs public keys and the rules in force only, so it goes on while the vault is
// locked: a broker that asks it would otherwise shut a plant out. What changes in the register reaches it at once.

import { ConsoleError } from '../../shared/model/errors.ts';
import {
  isLoopbackAddress,
  type PolicyService,
  type PolicyServiceSettings,
} from '../../shared/model/policy-service.ts';
import { audit, type OperationContext } from '../operations/context.ts';
import { policyServiceCertificate } from '../operations/policy-certificate.ts';
import { type ActiveRules, activeRules } from '../operations/policy-rules.ts';
import {
  keySourceDigest,
  mayPolicyServiceRun,
  policyServiceSettings,
  setPolicyServiceRuns,
  setPolicyServiceSettings,
  tokenVerifier,
} from '../operations/policy-settings.ts';
import { PracticePolicy } from '../operations/practice-policy.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { Mutex } from '../platform/mutex.ts';
import { Authorizer } from '../policy/service/authorizer.ts';
import { PolicyListener } from '../policy/service/listener.ts';
import type { TokenCheck } from '../policy/subjects.ts';

type Options = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  /** For what the register tells by itself; undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
};

type Running = {
  readonly listener: PolicyListener;
  readonly authorizer: Authorizer;
  readonly settings: PolicyServiceSettings;
  readonly startedAt: string;
};

/** What is decided by, as it was read last. */
type InForce = {
  readonly rules: ActiveRules | undefined;
  readonly keys: { readonly digest: string; readonly check: TokenCheck; readonly problem?: ConsoleError };
};

export class LivePolicy {
  readonly practice: PracticePolicy;
  readonly #options: Options;
  readonly #turn = new Mutex();
  #inForce: InForce = { rules: undefined, keys: noKeys(new ConsoleError('policy/key-invalid')) };
  #running: Running | undefined;
  #problem: string | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.practice = new PracticePolicy(options.clock);
  }

  view(context: OperationContext): PolicyService {
    const { listener, settings, startedAt } = this.#running ?? {};
    const problem = mayPolicyServiceRun(context) ? this.#problem : null;
    return {
      settings: policyServiceSettings(context),
      state: listener ? 'running' : problem === null ? 'stopped' : 'failed',
      endpoint: listener && settings ? { address: settings.address, port: listener.port, isTls: listener.isTls } : null,
      version: this.#inForce.rules?.version ?? null,
      problem,
      startedAt: startedAt ?? null,
      counts: { ...(listener?.counts ?? { allowed: 0, denied: 0, notUnderstood: 0 }) },
    };
  }

  /** Throws `policy/no-active-rules`, `policy/key-invalid`, `policy/listen-failed`, `authority/absent`. */
  start(context: OperationContext): Promise<PolicyService> {
    return this.#turn.run(async () => {
      if (!this.#running) await this.#open(context);
      context.vault.transaction(() => {
        setPolicyServiceRuns(context, true);
        audit(context, 'policy.start', policyServiceSettings(context).address);
      });
      return this.view(context);
    });
  }

  stop(context: OperationContext): Promise<PolicyService> {
    return this.#turn.run(async () => {
      await this.#close();
      context.vault.transaction(() => {
        setPolicyServiceRuns(context, false);
        audit(context, 'policy.stop', policyServiceSettings(context).address);
      });
      return this.view(context);
    });
  }

  /** A service that runs goes on with the new settings; one that cannot stands still and says why. Throws as `start`. */
  configure(context: OperationContext, settings: PolicyServiceSettings): Promise<PolicyService> {
    return this.#turn.run(async () => {
      setPolicyServiceSettings(context, settings);
      await this.#close();
      if (mayPolicyServiceRun(context)) await this.#open(context);
      else this.#read(context);
      return this.view(context);
    });
  }

  /** Goes by what the register says now. It never throws: what cannot be is shown, and told to the log. */
  follow(context: OperationContext): Promise<void> {
    return this.#turn.run(async () => {
      try {
        this.#read(context);
        if (!mayPolicyServiceRun(context)) await this.#close();
        else if (this.#running) await this.#renewCertificate(context, this.#running);
        else await this.#open(context);
      } catch (error) {
        this.#options.logger.warn('the policy service could not follow the register', { error });
      }
    });
  }

  /** The same a moment later, after the transaction that changed the register. */
  followSoon(): void {
    setImmediate(() => {
      const context = this.#options.context();
      if (context) void this.follow(context);
    });
  }

  close(): Promise<void> {
    return this.#turn.run(() => this.#close());
  }

  async #open(context: OperationContext): Promise<void> {
    const settings = policyServiceSettings(context);
    try {
      const { rules, keys } = this.#read(context);
      if (!rules) throw new ConsoleError('policy/no-active-rules');
      if (keys.problem) throw keys.problem;
      const { clock, logger } = this.#options;
      const { address, port, cacheSeconds } = settings;
      const authorizer = new Authorizer({ clock, verifier: keys.check, rules: rules.rules, cacheSeconds });
      const certificate = isLoopbackAddress(address) ? undefined : await policyServiceCertificate(context, settings);
      const listener = await PolicyListener.open({ authorizer, logger, address, port, certificate });
      this.#running = { listener, authorizer, settings, startedAt: clock.now().toISOString() };
      this.#problem = null;
      logger.info('the policy service listens', { address, port: listener.port });
    } catch (error) {
      this.#problem = error instanceof ConsoleError ? error.message : 'It could not be started.';
      throw error;
    } finally {
      this.#options.onChange();
    }
  }

  async #close(): Promise<void> {
    if (!this.#running) return;
    await this.#running.listener.close();
    this.#running = undefined;
    this.#options.onChange();
  }

  async #renewCertificate(context: OperationContext, { listener, settings }: Running): Promise<void> {
    if (listener.isTls) listener.renew(await policyServiceCertificate(context, settings));
  }

  /** Reads the rules and the keys, and hands on what has changed: nothing that was decided by the ones before counts. */
  #read(context: OperationContext): InForce {
    const before = this.#inForce;
    const rules = activeRules(context, before.rules);
    const keys = this.#readKeys(context);
    this.#inForce = { rules, keys };
    const authorizer = this.#running?.authorizer;
    if (rules !== before.rules) authorizer?.takeRules(rules?.rules);
    if (keys !== before.keys) authorizer?.takeTokenCheck(keys.check);
    this.practice.use(rules?.rules, keys.check);
    return this.#inForce;
  }

  #readKeys(context: OperationContext): InForce['keys'] {
    const settings = policyServiceSettings(context);
    try {
      const digest = keySourceDigest(context, settings);
      const known = this.#inForce.keys;
      return known.digest === digest ? known : { digest, check: tokenVerifier(context, settings) };
    } catch (error) {
      if (error instanceof ConsoleError) return noKeys(error);
      throw error;
    }
  }
}

/** Where there are no keys, such as those of a vault without an authority, no token is good. */
const noKeys = (problem: ConsoleError): InForce['keys'] => ({
  digest: '',
  problem,
  check: {
    verify: () => Promise.reject(problem),
  },
});

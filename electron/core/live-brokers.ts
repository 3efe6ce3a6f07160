// The brokers that run in this process's care. A target is made when it is first needed and stopped with the console;
// the vault may lock meanwhile: plants keep their broker.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type DockerEngineTls, dockerEngineTlsSchema } from '../../shared/model/broker.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { DockerEngine } from '../broker/targets/docker/engine.ts';
import { loadImage } from '../broker/targets/docker/load-image.ts';
import { DockerTarget } from '../broker/targets/docker/target.ts';
import { ProcessTarget } from '../broker/targets/process.ts';
import { SshTarget } from '../broker/targets/ssh/target.ts';
import { verifyPassword } from '../credentials/passwords.ts';
import { readTokenKey, readTokenKeySet, verifyToken } from '../credentials/tokens.ts';
import { readSshSecret, sshWay, sudoPasswordOf } from '../operations/ssh-way.ts';
import type { Clock } from '../platform/clock.ts';
import { PracticeBroker } from '../practice/broker.ts';
import type { ClientPolicy } from '../practice/client-policy.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { OwnLogins } from './own-logins.ts';

export class LiveBrokers {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #jwtPlugin: string | undefined;
  readonly #targets = new Map<string, ManagedBroker>();
  /** By broker: a digest of what its target was made from. */
  readonly #origins = new Map<string, string>();
  readonly #pushing = new Set<string>();
  readonly ownLogins: OwnLogins;
  #practicePolicy: ClientPolicy | undefined;

  constructor(options: { dataDirectory: string; clock: Clock; jwtPlugin?: string }) {
    this.#directory = join(options.dataDirectory, 'brokers');
    this.#clock = options.clock;
    this.ownLogins = new OwnLogins(options.clock);
    this.#jwtPlugin = options.jwtPlugin;
  }

  /**
   * `secret`: what is stored sealed for reaching the broker. A broker that is reached over a network is reached anew once
   * its address, its host keys or the secret have changed.
   */
  target(broker: BrokerRow, secret?: string): ManagedBroker {
    const { brokerId } = broker;
    const known = this.#targets.get(brokerId);
    const origin = originOf(broker, secret);
    if (known && (origin === this.#origins.get(brokerId) || this.#pushing.has(brokerId) || isHere(broker)))
      return known;
    // Only its connection ends.
    void known?.release();
    const target = this.#make(broker, secret);
    this.#targets.set(brokerId, target);
    this.#origins.set(brokerId, origin);
    return target;
  }

  /** The target if it was needed before: looking at a list starts nothing. */
  known(brokerId: string): ManagedBroker | undefined {
    return this.#targets.get(brokerId);
  }

  /** The practice broker, while it runs. */
  practice(): PracticeBroker | undefined {
    return [...this.#targets.values()].find(
      (target): target is PracticeBroker => target instanceof PracticeBroker && target.isRunning,
    );
  }

  /** Lets one push to a broker run at a time. Throws `broker/push-in-progress`. */
  reserve(brokerId: string): () => void {
    const release = this.tryToReserve(brokerId);
    if (!release) throw new ConsoleError('broker/push-in-progress', { details: { brokerId } });
    return release;
  }

  /** Undefined while a push runs. */
  tryToReserve(brokerId: string): (() => void) | undefined {
    if (this.#pushing.has(brokerId)) return undefined;
    this.#pushing.add(brokerId);
    const endLogins = this.ownLogins.begin(brokerId);
    return () => {
      endLogins();
      this.#pushing.delete(brokerId);
    };
  }

  /**
   * Brings the images of a file on this machine onto a broker's Docker engine. Throws `input/invalid` for a broker
   * without one, `broker/image-unreadable`, `broker/engine-*`.
   */
  async loadImage({ target }: BrokerRow, secret: string | undefined, path: string): Promise<string[]> {
    if (target.kind !== 'docker') {
      throw new ConsoleError('input/invalid', {
        fields: [{ field: 'brokerId', message: 'must be a broker in a container' }],
      });
    }
    return loadImage(new DockerEngine(target.engine, readTls(secret)), path);
  }

  /** Has practice brokers, also those to come, ask this policy; undefined: their own files. Throws `broker/push-in-progress`. */
  async askPolicy(policy: ClientPolicy | undefined): Promise<void> {
    for (const target of this.#targets.values()) if (target instanceof PracticeBroker) await target.askPolicy(policy);
    this.#practicePolicy = policy;
  }

  async stop(brokerId: string): Promise<void> {
    await this.#targets.get(brokerId)?.stop();
  }

  async forget(brokerId: string): Promise<void> {
    await this.#targets.get(brokerId)?.release();
    this.#targets.delete(brokerId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#targets.values()].map((target) => target.release()));
    this.#targets.clear();
  }

  #make({ brokerId, target, ports, hostKeys }: BrokerRow, secret: string | undefined): ManagedBroker {
    switch (target.kind) {
      case 'process':
        return new ProcessTarget({ directory: join(this.#directory, brokerId), jwtPlugin: this.#jwtPlugin });
      case 'ssh':
        return new SshTarget({
          settings: target,
          way: () => sshWay(target, readSshSecret(secret), hostKeys),
          sudoPassword: () => sudoPasswordOf(readSshSecret(secret)),
        });
      case 'docker':
        return new DockerTarget({ settings: target, ports, tls: readTls(secret) });
      case 'practice':
        return new PracticeBroker(
          {
            verifyPassword,
            verifyToken: async (token, username, trusted) => {
              const keys =
                'keySet' in trusted ? readTokenKeySet(trusted.keySet) : [await readTokenKey(trusted.publicKeyDer)];
              return (await verifyToken(token, keys, this.#clock.now(), username)) !== undefined;
            },
          },
          this.#practicePolicy,
        );
    }
  }
}

/** Lives in this process's care: its target is the broker itself. */
const isHere = ({ target }: BrokerRow): boolean => target.kind === 'process' || target.kind === 'practice';

const originOf = ({ target, ports, hostKeys }: BrokerRow, secret: string | undefined): string =>
  createHash('sha256')
    .update(JSON.stringify([target, ports, hostKeys, secret]))
    .digest('hex');

const readTls = (secret: string | undefined): DockerEngineTls | undefined =>
  secret === undefined ? undefined : dockerEngineTlsSchema.parse(JSON.parse(secret));

// A broker as windows and programs see it: its row in the register, what was seen of it last, and the push that may be
// open on it. Whoever looks also sets going what a look is for: ending a push that was cut off.

import type { Broker } from '../../shared/model/broker.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { describeAccess } from '../operations/broker-access.ts';
import { type BrokerRuntimeView, viewBroker } from '../operations/brokers.ts';
import type { OperationContext } from '../operations/context.ts';
import { leftOutByLastPush } from '../operations/left-out.ts';
import { driftedFiles } from '../operations/push-files.ts';
import { interruptedPushes } from '../operations/push-recovery.ts';
import type { Clock } from '../platform/clock.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { type BrokerLook, BrokerLooks } from './broker-looks.ts';
import type { LiveBrokers } from './live-brokers.ts';
import type { PushRecoveries } from './push-recoveries.ts';

export class BrokerViews {
  readonly #live: LiveBrokers;
  readonly #recoveries: PushRecoveries;
  readonly #looks: BrokerLooks;
  readonly #clock: Clock;

  constructor(options: { clock: Clock; live: LiveBrokers; recoveries: PushRecoveries }) {
    this.#clock = options.clock;
    this.#live = options.live;
    this.#recoveries = options.recoveries;
    this.#looks = new BrokerLooks(options.clock);
  }

  target(context: OperationContext, row: BrokerRow): ManagedBroker {
    return this.#live.target(row, context.vault.brokers.targetSecret(row.brokerId));
  }

  /** Without waiting for a network. */
  async view(context: OperationContext, row: BrokerRow): Promise<Broker> {
    this.#recoveries.startIfDue(context, row);
    if (isHere(row)) return this.#viewHere(context, row);
    if (!this.#looks.isFresh(row.brokerId)) {
      void this.#ask(context, row, { withDrift: false }).then(() => context.changed('brokers'));
    }
    return this.#show(context, row, this.#looks.last(row.brokerId));
  }

  /** Asks the broker itself. */
  async look(context: OperationContext, row: BrokerRow): Promise<Broker> {
    const look = await this.#ask(context, row, { withDrift: true });
    if (look.mark && isOwn(context, look.mark.pushId)) this.#recoveries.start(context, row);
    else this.#recoveries.startIfDue(context, row);
    return this.#show(context, row, look);
  }

  /** What was seen no longer holds. */
  forget(brokerId: string): void {
    this.#looks.forget(brokerId);
  }

  #ask(context: OperationContext, row: BrokerRow, { withDrift }: { withDrift: boolean }): Promise<BrokerLook> {
    const target = () => this.target(context, row);
    return this.#looks.look(row, target, async () =>
      withDrift ? driftedFiles(context, row, target()) : this.#looks.last(row.brokerId)?.driftedFiles,
    );
  }

  async #viewHere(context: OperationContext, row: BrokerRow): Promise<Broker> {
    const target = this.#live.known(row.brokerId);
    const [description, mark] = await Promise.all([target?.describe(), target?.unfinished()]);
    const driftedFiles = this.#looks.last(row.brokerId)?.driftedFiles;
    const at = this.#clock.now().toISOString();
    return this.#show(context, row, { at, description, mark, problem: undefined, driftedFiles });
  }

  #show(context: OperationContext, row: BrokerRow, look: BrokerLook | undefined): Broker {
    const { description, problem } = look ?? {};
    return viewBroker(context, row, {
      state: description?.state ?? 'stopped',
      version: description?.version ?? null,
      notices: [...(description?.notices ?? []), ...leftOutByLastPush(context, row)],
      lookedAt: look?.at ?? null,
      problem: problem ? { code: problem.code, detail: problem.message } : null,
      driftedFiles: look?.driftedFiles ? [...look.driftedFiles] : null,
      unfinishedPush: this.#unfinished(context, row, look),
      access: describeAccess(context, row),
    });
  }

  #unfinished(
    context: OperationContext,
    { brokerId }: BrokerRow,
    look: BrokerLook | undefined,
  ): BrokerRuntimeView['unfinishedPush'] {
    const own = interruptedPushes(context, brokerId).at(-1);
    if (own) {
      const { operationId: pushId, startedAt, step } = own;
      return { pushId, startedBy: null, startedAt, step, isOwn: true, jobId: this.#recoveries.jobId(brokerId) ?? null };
    }
    const mark = look?.mark;
    const isOfOthers = mark && context.vault.operations.get(mark.pushId) === undefined;
    return isOfOthers ? { ...mark, isOwn: false, jobId: null } : null;
  }
}

const isHere = ({ target }: BrokerRow): boolean => target.kind === 'process' || target.kind === 'practice';

/** Whether this vault's journal knows the push and it does not run right now. */
const isOwn = ({ vault }: OperationContext, pushId: string): boolean => {
  const row = vault.operations.get(pushId);
  return row !== undefined && row.state !== 'running';
};

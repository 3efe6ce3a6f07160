import type { BrokerPush, ManagedBroker } from '../../shared/model/broker-files.ts';

/** What happens right after a step of a push; one that throws stands for a broker that cannot be reached any more. */
export type AfterSteps = {
  readonly staged?: () => Promise<void>;
  readonly swapped?: () => Promise<void>;
  readonly effective?: () => Promise<void>;
  /** Before anything that undoes. */
  readonly undoing?: () => Promise<void>;
};

/** The same broker, with somebody who steps in between the steps of every push to it. */
export function stepping(target: ManagedBroker, after: AfterSteps): ManagedBroker {
  const wrap = (push: BrokerPush): BrokerPush => ({
    async stage(files) {
      await push.stage(files);
      await after.staged?.();
    },
    async swap() {
      await push.swap();
      await after.swapped?.();
    },
    async takeEffect(needs) {
      await push.takeEffect(needs);
      await after.effective?.();
    },
    keep: () => push.keep(),
    async undo() {
      await after.undoing?.();
      await push.undo();
    },
  });
  return {
    describe: () => target.describe(),
    current: () => target.current(),
    open: async (mark) => wrap(await target.open(mark)),
    async unfinished() {
      await after.undoing?.();
      return target.unfinished();
    },
    adopt: async (pushId) => wrap(await target.adopt(pushId)),
    generations: () => target.generations(),
    readGeneration: (generationId) => target.readGeneration(generationId),
    stop: () => target.stop(),
    release: () => target.release(),
    log: () => target.log(),
    eventLog: () => target.eventLog(),
  };
}

import { useState } from 'react';
import { type Failure, toFailure } from '../failure.ts';

export type Action = {
  readonly isBusy: boolean;
  readonly failure: Failure | null;
  /** Runs `work`; answers whether it succeeded. A second run while one is under way does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
};

/** Something the operator does that may take a while and may fail. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    isBusy,
    failure,
    run: async (work) => {
      if (isBusy) return false;
      setBusy(true);
      setFailure(null);
      try {
        await work();
        return true;
      } catch (error) {
        setFailure(toFailure(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
    clear: () => setFailure(null),
  };
}

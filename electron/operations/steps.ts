// An operation that reaches outside the vault tells its steps as it goes and is journalled:
// its row is written before the first step and closed after the last, so that a crash in between is seen at the next unlock.
// Which step it was at is not written: every write waits for the disk, and a device is asked anyway what it holds.

import { randomUUID } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type OperationContext, timestamp } from './context.ts';

/** Runs one named step; the name is what the operator reads, the value what the step answers. */
export type StepRunner = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Runs `work` as one journalled operation of `kind` on `subject`. */
export async function journalled<T>(
  context: OperationContext,
  kind: string,
  subject: string,
  step: StepRunner,
  work: (step: StepRunner) => Promise<T>,
): Promise<T> {
  const { operations } = context.vault;
  const operationId = randomUUID();
  operations.start({ operationId, kind, subject, startedAt: timestamp(context) });
  try {
    const result = await work(step);
    operations.finish(operationId, 'succeeded', timestamp(context));
    return result;
  } catch (error) {
    closeAsFailed(context, operationId, error);
    throw error;
  }
}

/** When the vault was locked meanwhile, the row stays open and is found at the next unlock; the error is told all the same. */
function closeAsFailed(context: OperationContext, operationId: string, error: unknown): void {
  const code = error instanceof ConsoleError ? error.code : 'internal/unexpected';
  try {
    context.vault.operations.finish(operationId, 'failed', timestamp(context), code);
  } catch (closing) {
    if (!(closing instanceof ConsoleError && closing.code === 'vault/locked')) throw closing;
  }
}

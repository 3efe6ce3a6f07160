// What every procedure has in common, in one place: a call that somebody makes counts as a sign of life for the
// idle lock, and whatever it throws, also later from a stream, leaves as a wire error.

import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import type { Logger } from '../platform/log.ts';
import { asWireError } from './failures.ts';
import type { CallContext } from './session.ts';

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** What nobody foresaw goes to the log whole; the wire gets its code only. */
function wireErrorOf(error: unknown, logger: Logger): unknown {
  const failure = asWireError(error);
  if (failure.code === 'internal/unexpected') logger.error('unexpected failure', { error });
  return failure;
}

async function* guarded(stream: AsyncIterable<unknown>, logger: Logger): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw wireErrorOf(error, logger);
  }
}

export function createImplementer({ logger, onPresence }: { logger: Logger; onPresence: () => void }) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ next, procedure }) => {
      if (!procedure['~orpc'].meta.isPassive) onPresence();
      try {
        const result = await next();
        return isStream(result.output)
          ? { ...result, output: guarded(result.output, logger) as typeof result.output }
          : result;
      } catch (error) {
        throw wireErrorOf(error, logger);
      }
    });
}

export type Implementer = ReturnType<typeof createImplementer>;

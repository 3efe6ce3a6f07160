// What every procedure has in common, in one place: a call counts as a sign of life for the idle lock,
// and whatever it throws, also later from a stream, leaves as a wire error.

import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import { asWireError } from './failures.ts';
import type { CallContext } from './session.ts';

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function* guarded(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw asWireError(error);
  }
}

export function createImplementer(onCall: () => void) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ next }) => {
      onCall();
      try {
        const result = await next();
        return isStream(result.output) ? { ...result, output: guarded(result.output) as typeof result.output } : result;
      } catch (error) {
        throw asWireError(error);
      }
    });
}

export type Implementer = ReturnType<typeof createImplementer>;

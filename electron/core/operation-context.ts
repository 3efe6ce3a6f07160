import type { OperationContext } from '../operations/context.ts';
import type { CallContext } from './session.ts';

/** The context of an operation for one call. Throws `vault/absent` or `vault/locked`. */
export type ContextOf = (call: CallContext) => OperationContext;

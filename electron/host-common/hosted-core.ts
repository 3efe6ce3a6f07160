import type { Router } from '@orpc/server';
import type { Contract } from '../../shared/contract/contract.ts';
import type { CallContext } from '../core/session.ts';

/** The core as a host sees it: something that answers the contract, and can be locked. */
export type HostedCore = {
  readonly router: Router<Contract, CallContext>;
  lock(reason: string): void;
};

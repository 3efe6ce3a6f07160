// Rules of the contract
// - One file a capability, one procedure a thing an operator or program can do.
// - A procedure with a `path` is also REST (below /api/v1, and in the OpenAPI document); one without is for the window only.
// - Input is `unknown` until its schema has parsed it, once, at the door. Failures are ConsoleErrors of shared/model/errors.ts.
// - Nothing in an output is a secret, except in the procedures whose job is to show one once.

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { plantIdSchema } from '../model/plant.ts';

type Meta = {
  /** Windows ask this by themselves, so it does not show that somebody is there: the idle lock goes on counting. */
  readonly isPassive?: boolean;
};

export const procedure = oc.$meta<Meta>({});

/** For what is only looked at. */
export const passive = procedure.meta({ isPassive: true });

/** The REST prefix of every route. */
export const apiPrefix = '/api/v1';

export const plantIdParams = z.object({ plantId: plantIdSchema });
export const brokerIdParams = z.object({ brokerId: z.uuid() });
export const jobReference = z.object({ jobId: z.string() });

/** Query parameters arrive as text. */
export const limitSchema = z.coerce.number().int().min(1).max(1000).default(200);
export const offsetSchema = z.coerce.number().int().min(0).default(0);

// The REST side of the contract: the procedures that have a path.

import { type TraverseContractProcedureCallbackOptions, traverseContractProcedures } from '@orpc/server';
import { apiPrefix } from '../../shared/contract/base.ts';
import { contract } from '../../shared/contract/contract.ts';

type Procedure = TraverseContractProcedureCallbackOptions['contract'];

/** Whether a procedure is offered over REST; the others are the window's own. */
export const isRestProcedure = (procedure: Procedure): boolean => procedure['~orpc'].route.path !== undefined;

type Route = { readonly method: string; readonly segments: readonly string[] };

function listRoutes(): readonly Route[] {
  const routes: Route[] = [];
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure }) => {
    const { path, method = 'POST' } = procedure['~orpc'].route;
    if (path !== undefined) routes.push({ method, segments: `${apiPrefix}${path}`.split('/') });
  });
  return routes;
}

const routes = listRoutes();

/** The methods that an address answers; none when there is nothing at it. */
export function methodsAt(pathname: string): readonly string[] {
  const asked = pathname.split('/');
  const fits = (segment: string, index: number) => segment.startsWith('{') || segment === asked[index];
  return routes
    .filter(({ segments }) => segments.length === asked.length && segments.every(fits))
    .map(({ method }) => method);
}

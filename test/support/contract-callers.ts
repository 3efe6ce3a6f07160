// The ways to call the contract, made alike: a procedure's name and an input in, its output or a CallFailure out.

import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { type AnyContractProcedure, type ContractRouterClient, isContractProcedure } from '@orpc/contract';
import type { WebSocket } from 'ws';
import { apiPrefix } from '../../shared/contract/base.ts';
import { type Contract, contract } from '../../shared/contract/contract.ts';
import { type ErrorDetails, errorCatalog, type FieldError, type ProblemDetails } from '../../shared/model/errors.ts';

export type Link = ClientLink<Record<never, never>>;

/** Calls `plants.create` and its like. */
export type Caller = (name: string, input?: unknown) => Promise<unknown>;

/** A failure, the same over every wire. */
export class CallFailure extends Error {
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly details: ErrorDetails;

  constructor(code: string, sentence: string, fields: readonly FieldError[], details: ErrorDetails) {
    super(sentence);
    this.code = code;
    this.fields = fields;
    this.details = details;
  }
}

export const portLink = (port: ConstructorParameters<typeof PortLink>[0]['port']): Link => new PortLink({ port });

export const socketLink = (socket: WebSocket): Link =>
  new SocketLink({ websocket: socket as unknown as globalThis.WebSocket });

export const clientOver = (link: Link): ContractRouterClient<Contract> => createORPCClient(link);

/** Calls over one of oRPC's links, as the window does. */
export const callOver =
  (link: Link): Caller =>
  async (name, input) => {
    try {
      return await link.call(name.split('.'), input, { context: {} });
    } catch (error) {
      if (!(error instanceof ORPCError)) throw error;
      const { fields = [], details = {} } = error.data ?? {};
      throw new CallFailure(error.code, error.message, fields, details);
    }
  };

function procedureNamed(name: string): AnyContractProcedure {
  const [group = '', procedure = ''] = name.split('.');
  const found: unknown = Reflect.get(Reflect.get(contract, group) ?? {}, procedure);
  if (!isContractProcedure(found)) throw new Error(`the contract has no ${name}`);
  return found;
}

/** Whether a procedure is offered over REST. */
export const hasRestPath = (name: string): boolean => procedureNamed(name)['~orpc'].route.path !== undefined;

/** Calls over REST, as somebody would who has read only the OpenAPI document. */
export const callRest =
  (origin: string, bearerToken: string): Caller =>
  async (name, input = {}) => {
    const { path = '', method = 'POST', outputStructure, successStatus = 200 } = procedureNamed(name)['~orpc'].route;
    const rest = { ...(input as Record<string, unknown>) };
    const pathname = path.replaceAll(/\{(\w+)\}/g, (_match, parameter: string) => {
      const value = String(rest[parameter]);
      delete rest[parameter];
      return encodeURIComponent(value);
    });
    const url = new URL(`${origin}${apiPrefix}${pathname}`);
    const init: RequestInit = { method, headers: { authorization: `Bearer ${bearerToken}` } };
    if (method === 'GET') for (const [key, value] of Object.entries(rest)) url.searchParams.set(key, String(value));
    else Object.assign(init, bodyOf(rest, init.headers as Record<string, string>));
    const response = await fetch(url, init);
    if (!response.ok) throw await failureOf(response);
    if (response.status !== successStatus) throw new Error(`${name} answered ${response.status}, not ${successStatus}`);
    const body = await outputOf(response);
    if (outputStructure !== 'detailed') return body;
    return { headers: { 'content-disposition': response.headers.get('content-disposition') }, body };
  };

function bodyOf(fields: Record<string, unknown>, headers: Record<string, string>): RequestInit {
  if (!Object.values(fields).some((value) => value instanceof Blob)) {
    return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(fields) };
  }
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value instanceof Blob ? value : String(value));
  return { body: form };
}

async function failureOf(response: Response): Promise<CallFailure> {
  const problem = (await response.json()) as ProblemDetails;
  const { code, status } = problem;
  if (status !== response.status) throw new Error('the problem details tell another status');
  if (errorCatalog[code].status !== status) throw new Error(`${code} answered ${status}`);
  return new CallFailure(problem.code, problem.detail, problem.errors ?? [], problem.details ?? {});
}

/** A form's fields by their paths: `bundles[0][code]`. */
function fieldsOf(form: FormData): unknown {
  const output: Record<string, unknown> = {};
  for (const [path, value] of form) {
    const keys = path.split(/[[\]]+/).filter((key) => key !== '');
    const last = keys.pop() ?? '';
    let place = output;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place[last] = value;
  }
  return output;
}

async function outputOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const mediaType = response.headers.get('content-type') ?? '';
  if (mediaType.startsWith('application/json')) return response.json();
  if (mediaType.startsWith('multipart/form-data')) return fieldsOf(await response.formData());
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '';
  return new File([await response.arrayBuffer()], name, { type: mediaType });
}

// REST below /api/v1: the contract's procedures that have a path, and the document that describes them.
// Every failure is answered with RFC 9457 problem details; a stack never leaves.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { BodyLimitPlugin } from '@orpc/server/node';
import { authorityImportPaths } from '../../shared/contract/authority-import.ts';
import { apiPrefix } from '../../shared/contract/base.ts';
import { policyTextPaths } from '../../shared/contract/policy.ts';
import { policyAnalysisPaths } from '../../shared/contract/policy-analysis.ts';
import { policyBrokerPaths } from '../../shared/contract/policy-broker.ts';
import { recordingImportPath } from '../../shared/contract/recordings.ts';
import { maxAuthorityImportBytes } from '../../shared/model/authority-import.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { maxPolicyTextLength } from '../../shared/model/policy-version.ts';
import { maxImportedRecordingBytes } from '../../shared/model/recording.ts';
import type { CallContext } from '../core/session.ts';
import type { HostedCore } from '../host-common/hosted-core.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { problemMediaType, send } from './response.ts';
import { isRestProcedure, methodsAt } from './routes.ts';
import { jsonBody, problemOf } from './wire-problem.ts';

const megabyte = 1024 * 1024;
const maxBodyBytes = megabyte;
/** A vault's backup is the one thing that may be large: the contract's 1 GiB, and the form around it. */
const maxRestoreBytes = 1025 * megabyte;
/** What an authority leaves, at most, in base64 and JSON. */
const maxImportBytes = Math.ceil(maxAuthorityImportBytes / 3) * 4 + megabyte;
/** A recording, and the form around it. */
const maxRecordingImportBytes = maxImportedRecordingBytes + megabyte;
/** A rule document, as JSON within JSON. */
const maxPolicyBytes = 2 * maxPolicyTextLength;
const largeBodies: Readonly<Record<string, number>> = {
  '/vault/restore': maxRestoreBytes,
  [recordingImportPath]: maxRecordingImportBytes,
  ...Object.fromEntries(authorityImportPaths.map((path) => [path, maxImportBytes])),
  ...Object.fromEntries(policyTextPaths.map((path) => [path, maxPolicyBytes])),
  ...Object.fromEntries([...policyAnalysisPaths, ...policyBrokerPaths].map((path) => [path, 2 * maxPolicyBytes])),
};
/** Goes as it is. */
const isRaw = (body: unknown): boolean => body instanceof Blob || body instanceof ReadableStream;
const bodyLimitOf = (path: string): number => largeBodies[path] ?? maxBodyBytes;

export const healthPath = `${apiPrefix}/health`;
export const documentPath = `${apiPrefix}/openapi.json`;

type Handler = OpenAPIHandler<CallContext>;

function createHandler(core: HostedCore, maxBodySize: number, servesPath: (path: string) => boolean): Handler {
  return new OpenAPIHandler(core.router, {
    filter: ({ contract }) => isRestProcedure(contract) && servesPath(contract['~orpc'].route.path ?? ''),
    customErrorResponseBodyEncoder: problemOf,
    plugins: [new BodyLimitPlugin({ maxBodySize })],
    rootInterceptors: [
      async ({ next }) => {
        const result = await next();
        if (!result.matched) return result;
        const { status, headers, body } = result.response;
        if (status >= 400) {
          const asProblem = { status, headers: { 'content-type': problemMediaType }, body: jsonBody(body) };
          return { matched: true, response: asProblem };
        }
        // oRPC drops the Content-Disposition of a JSON body, which a download needs.
        if (headers['content-disposition'] !== undefined && !isRaw(body)) {
          const asAttachment = { 'content-type': 'application/json', ...headers };
          return { matched: true, response: { status, headers: asAttachment, body: jsonBody(body) } };
        }
        return result;
      },
    ],
  });
}

export class RestApi {
  readonly #handlers: readonly Handler[];
  readonly #version: string;
  #document: Promise<string> | undefined;

  constructor(core: HostedCore, version: string) {
    const limits = [...new Set([maxBodyBytes, ...Object.values(largeBodies)])];
    this.#handlers = limits.map((limit) => createHandler(core, limit, (path) => bodyLimitOf(path) === limit));
    this.#version = version;
  }

  /** Answers one request of `context`'s session. Throws ConsoleErrors for addresses and methods that do not exist. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL, context: CallContext): Promise<void> {
    if (url.pathname === documentPath && request.method === 'GET') {
      this.#document ??= createOpenApiDocument(this.#version).then((document) => JSON.stringify(document));
      return send(response, 200, 'application/json', await this.#document);
    }
    for (const handler of this.#handlers) {
      const { matched } = await handler.handle(request, response, { prefix: apiPrefix, context });
      if (matched) return;
    }
    const allowed = url.pathname === documentPath ? ['GET'] : methodsAt(url.pathname);
    if (allowed.length === 0) throw new ConsoleError('input/not-found');
    response.setHeader('Allow', allowed.join(', '));
    throw new ConsoleError('input/method-not-allowed');
  }
}

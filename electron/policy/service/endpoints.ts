// mosquitto-go-auth's three questions over HTTP. This is asked for every message of a plant, so there is no framework
// between the socket and the rules.
// - 200 and 403 are the two answers. 4xx is for what is no question. A 5xx would have the plugin drop its client, so even
//   a fault of the service itself is a no.
// - A body beyond the limit is not kept; what is left of it is read away.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../../platform/log.ts';
import type { Asker, Authorizer } from './authorizer.ts';
import type { Answer } from './decide-access.ts';
import { NotARequest, type PolicyRequest, readRequest } from './request-body.ts';

/** A token of 64 KiB, percent-encoded, and the rest. */
const maxBodyBytes = 256 * 1024;

export type AnswerCounts = { allowed: number; denied: number; notUnderstood: number };

type Endpoint = (authorizer: Authorizer, asker: Asker, request: PolicyRequest) => Answer | Promise<Answer>;

const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/mqtt/user', (authorizer, asker) => authorizer.connect(asker)],
  ['/mqtt/superuser', (authorizer, asker) => authorizer.superuser(asker)],
  [
    '/mqtt/acl',
    (authorizer, asker, { acc, topic }) => {
      if (acc === undefined || topic === undefined) throw new NotARequest(400, 'acc and topic must be there');
      return authorizer.access(asker, acc, topic);
    },
  ],
]);

export function answerBrokers(authorizer: Authorizer, counts: AnswerCounts, logger: Logger): RequestListener {
  const answer = async (request: IncomingMessage, response: ServerResponse, endpoint: Endpoint, body: Buffer) => {
    try {
      const fields = readRequest(request.headers['content-type'], body);
      const { ok, reason } = await endpoint(authorizer, askerOf(request, fields), fields);
      counts[ok ? 'allowed' : 'denied'] += 1;
      send(response, ok ? 200 : 403, { ok, reason });
    } catch (error) {
      if (error instanceof NotARequest) return refuse(response, error);
      logger.error('the policy service could not answer', { error });
      counts.denied += 1;
      send(response, 403, { ok: false, reason: 'the service could not answer' });
    }
  };
  const refuse = (response: ServerResponse, { status, message }: NotARequest, headers: readonly string[] = []) => {
    counts.notUnderstood += 1;
    send(response, status, { ok: false, reason: message }, headers);
  };

  return (request, response) => {
    const endpoint = endpoints.get(pathOf(request.url ?? ''));
    if (!endpoint) return refuse(response, new NotARequest(404, 'there is nothing at this address'));
    if (request.method !== 'POST')
      return refuse(response, new NotARequest(405, 'the method must be POST'), ['Allow', 'POST']);
    collect(
      request,
      (body) => void answer(request, response, endpoint, body),
      () => refuse(response, new NotARequest(413, 'the body is larger than any question')),
    );
  };
}

function collect(request: IncomingMessage, done: (body: Buffer) => void, tooLarge: () => void): void {
  let body: Buffer | undefined;
  let size = 0;
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBodyBytes) {
      request.off('data', onData).off('end', onEnd).resume();
      tooLarge();
    } else body = body === undefined ? chunk : Buffer.concat([body, chunk]);
  };
  const onEnd = () => done(body ?? Buffer.alloc(0));
  request.on('data', onData).on('end', onEnd);
}

function send(response: ServerResponse, status: number, answer: Answer, headers: readonly string[] = []): void {
  const body = JSON.stringify(answer);
  response.writeHead(status, [
    'Content-Type',
    'application/json',
    'Content-Length',
    `${Buffer.byteLength(body)}`,
    'Cache-Control',
    'no-store',
    ...headers,
  ]);
  response.end(body);
}

function askerOf({ headers }: IncomingMessage, { username, password, clientid }: PolicyRequest): Asker {
  const bearer = headers.authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
  return { token: bearer, password: password === '' ? undefined : password, username, clientId: clientid };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

// How the loopback host answers, apart from the API's successes.
// No answer carries a CORS header: no other origin is ever meant to read one.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ConsoleError, toProblemDetails } from '../../shared/model/errors.ts';
import { contentSecurityPolicy } from '../host-common/content-security-policy.ts';
import type { OwnAddress } from './own-address.ts';

export const problemMediaType = 'application/problem+json';

/** Headers of every answer; what is written later may only add to them. */
export function setSecurityHeaders(response: ServerResponse, address: OwnAddress): void {
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(address.webSocketOrigins));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
}

export function send(response: ServerResponse, status: number, mediaType: string, content: string | Uint8Array): void {
  response.writeHead(status, { 'Content-Type': mediaType, 'Content-Length': Buffer.byteLength(content) });
  response.end(response.req.method === 'HEAD' ? undefined : content);
}

/** Answers a failure: with RFC 9457 problem details, or with a page where a person navigated to one. */
export function sendFailure(request: IncomingMessage, response: ServerResponse, error: ConsoleError): void {
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  const wantsPage = request.headers.accept?.includes('text/html') && !request.url?.startsWith('/api/');
  if (wantsPage) sendPage(response, error.status, error.message);
  else send(response, error.status, problemMediaType, JSON.stringify(toProblemDetails(error)));
}

/** A page of one sentence; `head` is trusted HTML. */
export function sendPage(response: ServerResponse, status: number, sentence: string, head = ''): void {
  const text = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Voke Console</title>${head}</head><body><p>${text}</p></body></html>`;
  send(response, status, 'text/html; charset=utf-8', page);
}

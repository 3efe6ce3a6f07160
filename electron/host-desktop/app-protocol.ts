// The window's files come over a protocol of their own, app://console/: it can carry a Content-Security-Policy,
// and unlike file: it is an origin that shares nothing with other files of this machine.

import type { CustomScheme } from 'electron';
import { contentSecurityPolicy } from '../host-common/content-security-policy.ts';
import type { RendererFiles } from '../host-common/renderer-files.ts';

export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};
export const appOrigin = 'app://console';

const headers = {
  'Content-Security-Policy': contentSecurityPolicy([]),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Answers the window's requests from the built files. */
export const serveFiles =
  (files: RendererFiles) =>
  async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const isOurs = request.method === 'GET' && `${url.protocol}//${url.host}` === appOrigin;
    const file = isOurs ? await files.read(url.pathname) : undefined;
    if (!file) return new Response(null, { status: 404, headers });
    return new Response(file.content, { headers: { ...headers, 'Content-Type': file.mediaType } });
  };

// What the window may not do, whatever runs in it: leave its page, open another, embed one, reach the network,
// or use a permission. One is granted: writing text to the clipboard after a click, to copy a secret shown once.

import type { NavigatingContents, Preventable, WindowSession } from './electron-api.ts';

/** Schemes that reach neither the network nor the file system; devtools exists in development only. */
const localProtocols: ReadonlySet<string> = new Set(['app:', 'blob:', 'data:', 'devtools:']);

export function keepOnPage(contents: NavigatingContents): void {
  const prevent = (event: Preventable) => event.preventDefault();
  contents.on('will-navigate', prevent);
  contents.on('will-frame-navigate', prevent);
  contents.on('will-redirect', prevent);
  contents.on('will-attach-webview', prevent);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export function restrictSession(session: WindowSession): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === 'clipboard-sanitized-write');
  });
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !localProtocols.has(URL.parse(url)?.protocol ?? '') });
  });
}

// What the window may load: its own files and its own host, nothing else, in both hosts alike.
// - Styles come from the built files too: the theme keeps Mantine from writing <style> elements at run time.
// - No script but the built files: no inline script, no eval.

/** The value of the Content-Security-Policy header. `connections` are the addresses that the window may call. */
export const contentSecurityPolicy = (connections: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${["'self'", ...connections].join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

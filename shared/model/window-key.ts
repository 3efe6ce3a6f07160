// How the loopback host's window shows that it is ours: a secret beside the cookie. Browsers send a cookie to every
// port of 127.0.0.1, and so to other people's servers; what a page stores, they keep to its origin with its port.

/** Where the start page leaves the window's key in `sessionStorage`; also the name of the <meta> that hands it over. */
export const windowKeyName = 'voke-window-key';

/** The WebSocket subprotocol of /rpc. The window offers it with its key beside it: `voke, <key>` (RFC 6455 section 4.1). */
export const windowProtocol = 'voke';

/** The name under which main, preload and window hand the port on; the window listens for it (renderer/transport.ts). */
export const portChannel = 'voke:port';

// Hands the page its one MessagePort, and nothing else: no function of Electron or Node reaches the page.

import { ipcRenderer } from 'electron/renderer';
import { portChannel } from './host-desktop/port-channel.ts';

ipcRenderer.on(portChannel, ({ ports }) => {
  if (window.location.protocol === 'app:' && ports.length === 1) {
    window.postMessage(portChannel, window.location.origin, ports);
  }
});

import { beforeEach, expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => ({ listeners: new Map<string, (event: { ports: unknown[] }) => void>() }));

vi.mock('electron/renderer', () => ({
  ipcRenderer: {
    on: (channel: string, listener: (event: { ports: unknown[] }) => void) => electron.listeners.set(channel, listener),
  },
}));

function pageAt(url: string) {
  const { protocol } = new URL(url);
  const page = { location: { protocol, origin: `${protocol}//console` }, postMessage: vi.fn() };
  vi.stubGlobal('window', page);
  return page;
}

beforeEach(async () => {
  electron.listeners.clear();
  vi.resetModules();
  await import('../../electron/preload.ts');
});

test('listens on one channel and hands the page its one port', () => {
  expect([...electron.listeners.keys()]).toEqual(['voke:port']);
  const page = pageAt('app://console/');
  const port = {};
  electron.listeners.get('voke:port')?.({ ports: [port] });
  expect(page.postMessage.mock.calls).toEqual([['voke:port', 'app://console', [port]]]);
});

test('hands nothing to a page that is not ours, and no other number of ports', () => {
  const foreign = pageAt('https://evil.example/');
  electron.listeners.get('voke:port')?.({ ports: [{}] });
  expect(foreign.postMessage).not.toHaveBeenCalled();
  const page = pageAt('app://console/');
  electron.listeners.get('voke:port')?.({ ports: [] });
  electron.listeners.get('voke:port')?.({ ports: [{}, {}] });
  expect(page.postMessage).not.toHaveBeenCalled();
});

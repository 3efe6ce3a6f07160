// Where the window is, kept in the address' hash, so that back, forward and reload work and every link is a real link.

import { useSyncExternalStore } from 'react';

export const screens = [
  'start',
  'plants',
  'fleet',
  'authority',
  'brokers',
  'policy',
  'deployments',
  'live',
  'alerts',
  'doctor',
  'practice',
  'handover',
  'audit',
] as const;
export type Screen = (typeof screens)[number];

/** What `first` and `second` mean is the screen's: `#/plants/{id}/{tab}`, `#/deployments/{tab}/{id}`. */
export type Route = { readonly screen: Screen; readonly first: string | null; readonly second: string | null };

const isScreen = (value: string | undefined): value is Screen => screens.some((screen) => screen === value);

/** Reads `#/{screen}/{first}/{second}`; anything unknown is the start screen. Ids are UUIDs, so nothing is escaped. */
export function parseRoute(hash: string): Route {
  const [screen, first, second] = hash.replace(/^#\/?/, '').split('/');
  return isScreen(screen)
    ? { screen, first: first || null, second: second || null }
    : { screen: 'start', first: null, second: null };
}

/** The link to a screen. */
export const href = (screen: Screen, ...parts: readonly string[]): string => `#/${[screen, ...parts].join('/')}`;

export const navigate = (to: string): void => {
  window.location.hash = to;
};

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

/** The route now; renders again when it changes. */
export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));

// Sessions at a broker that are the console's, whatever their user name: it comes in as a plant too, to listen or to find
// out why that plant does not get in, and after a push to see who does. They say nothing of where the plant is.

import { randomHex } from '../platform/random.ts';

/** Client ids begin so. */
const monitorPrefix = 'voke-console-';
const doctorPrefix = 'voke-doctor-';
const probePrefix = 'voke-probe-';

export const monitorClientId = (): string => `${monitorPrefix}${randomHex(4)}`;

/** As short as MQTT 3.1.1 (3.1.3.1) has every broker take: 23 characters. */
export const doctorClientId = (): string => `${doctorPrefix}${randomHex(5)}`;

/** One each: two of one id would end each other's sessions. */
export const probeClientId = (): string => `${probePrefix}${randomHex(6)}`;

export const isOwnSession = ({ clientId }: { readonly clientId: string }): boolean =>
  [monitorPrefix, doctorPrefix, probePrefix].some((prefix) => clientId.startsWith(prefix));

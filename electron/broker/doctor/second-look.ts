// A broker that hangs up says nothing of why. Asked again in another way, it often does. Nothing of the patient's is
// shown to it then.

import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { MqttTalk } from './mqtt-talk.ts';
import { whenClosed } from './network.ts';
import { type Suspicion, suspect } from './patient.ts';
import { shakeHands } from './tls.ts';

/** Answers a new connection to the same port, or undefined when there is none to be had. */
export type Reopen = () => Promise<Duplex | undefined>;

const unaskedMs = 400;
const askedMs = 3000;

/** Why a port that speaks TLS, or should, closed the connection in the handshake. */
export async function lookAgainForTls(reopen: Reopen): Promise<Suspicion> {
  const stream = await reopen();
  if (!stream) return suspect('broker/went-down');
  if (await hangsUpUnasked(stream))
    return suspect('broker/connection-limit', 'it hangs up before it is asked anything');
  if (await speaksPlainMqtt(reopen)) return suspect('tls/port-is-plain', 'it answered to a CONNECT without TLS');
  return suspect('tls/failed', 'the broker closed the connection in the handshake');
}

/** The same after CONNECT. */
export async function lookAgainForMqtt(reopen: Reopen, isTls: boolean): Promise<Suspicion> {
  const stream = await reopen();
  if (!stream) return suspect('broker/went-down');
  if (await hangsUpUnasked(stream))
    return suspect('broker/connection-limit', 'it hangs up before it is asked anything');
  if (!isTls && (await speaksTls(reopen))) return suspect('tls/port-is-tls', 'it answered to a TLS handshake');
  return suspect('connect/closed');
}

async function hangsUpUnasked(stream: Duplex): Promise<boolean> {
  stream.on('error', () => {});
  stream.once('end', () => stream.destroy());
  stream.resume();
  const hasEnded = await Promise.race([whenClosed(stream).then(() => true), delay(unaskedMs, false, { ref: false })]);
  stream.destroy();
  return hasEnded;
}

export async function speaksPlainMqtt(reopen: Reopen): Promise<boolean> {
  const stream = await reopen();
  if (!stream) return false;
  const talk = new MqttTalk(stream, { clientId: `doctor-${randomUUID().slice(0, 8)}` }, 4, askedMs);
  const { outcome } = await talk.connect({ settles: false });
  await talk.close();
  return outcome === 'accepted' || outcome === 'refused';
}

async function speaksTls(reopen: Reopen): Promise<boolean> {
  const stream = await reopen();
  if (!stream) return false;
  const answer = await shakeHands(stream, { tls: undefined, identity: { clientId: '' } }, askedMs);
  if ('socket' in answer) answer.socket.destroy();
  return 'socket' in answer;
}

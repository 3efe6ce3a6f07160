// One message out, and what the broker said to it.
// - MQTT 3.1.1 has no words for a no: Mosquitto 2.0 acknowledges a message that its ACL denies like any other.
// - A message that is too large for it ends the session with Mosquitto 2.0, and the reason is in the DISCONNECT.
// - mqtt.js keeps what is unanswered for a reconnect that never comes here, so the session's end has to be looked at.

import { ErrorWithReasonCode, type MqttClient } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';
import { explainAnswer } from './explain-answer.ts';
import { packetProperties } from './message-properties.ts';

const answerMs = 15_000;

/** Throws `monitor/not-connected`, and `publish/unanswered` when no answer came in time or before the session's end. */
export async function publishOver(
  client: MqttClient,
  message: OutgoingMessage,
  ended: Promise<{ readonly reasonCode: number | undefined }>,
): Promise<PublishAnswer> {
  if (!client.connected) throw new ConsoleError('monitor/not-connected');
  const { topic, payloadBase64, qos, retain, properties } = message;
  const unanswered = Promise.withResolvers<never>();
  const giveUp = (because: string) => unanswered.reject(new ConsoleError('publish/unanswered', { because }));
  const timer = setTimeout(() => giveUp('it said nothing in time'), answerMs);
  void ended.then(({ reasonCode }) => giveUp(endingWords(reasonCode)));
  try {
    const reasonCode = await Promise.race([
      unanswered.promise,
      new Promise<number | undefined>((resolve, reject) => {
        const options = { qos, retain, ...(properties && { properties: packetProperties(properties) }) };
        client.publish(topic, Buffer.from(payloadBase64, 'base64'), options, (error, packet) => {
          if (error instanceof ErrorWithReasonCode) return resolve(error.code);
          if (error) return reject(new ConsoleError('publish/unanswered', { cause: error }));
          resolve(packet && 'reasonCode' in packet ? packet.reasonCode : undefined);
        });
      }),
    ]);
    return explainAnswer(message, client.options.protocolVersion === 5 ? 5 : 4, reasonCode);
  } finally {
    clearTimeout(timer);
  }
}

const endingWords = (reasonCode: number | undefined): string =>
  reasonCode === 0x95
    ? 'it ended the session, for the message is too large for it'
    : 'the session ended, which a broker may do with a message that it does not take';

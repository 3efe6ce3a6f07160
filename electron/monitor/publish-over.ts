// One message out, and what the broker said to it.
// - MQTT 3.1.1 has no words for a no: Mosquitto 2.0 acknowledges a message that its ACL denies like any other.
// - At QoS 2 MQTT 5 tells that nobody subscribes with the PUBREC, and the PUBCOMP that follows says success.
// - mqtt.js keeps what is unanswered for a reconnect that never comes here, so the session's end has to be looked at.

import { ErrorWithReasonCode, type MqttClient, type Packet } from 'mqtt';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';
import { explainAnswer } from './explain-answer.ts';
import { packetProperties } from './message-properties.ts';

const answerMs = 15_000;
const noMatchingSubscribers = 0x10;

/** Throws `monitor/not-connected`, and `publish/unanswered` when no answer came in time or before the session's end. */
export async function publishOver(
  client: MqttClient,
  message: OutgoingMessage,
  ended: Promise<unknown>,
): Promise<PublishAnswer> {
  if (!client.connected) throw new ConsoleError('monitor/not-connected');
  const { topic, payloadBase64, qos, retain, properties } = message;
  const unheard = new Set<number>();
  const note = (packet: Packet) => {
    if (packet.cmd === 'pubrec' && packet.reasonCode === noMatchingSubscribers && packet.messageId !== undefined) {
      unheard.add(packet.messageId);
    }
  };
  if (qos === 2) client.on('packetreceive', note);
  const unanswered = Promise.withResolvers<never>();
  const giveUp = () => unanswered.reject(new ConsoleError('publish/unanswered'));
  const timer = setTimeout(giveUp, answerMs);
  void ended.then(giveUp);
  try {
    const reasonCode = await Promise.race([
      unanswered.promise,
      new Promise<number | undefined>((resolve, reject) => {
        const options = { qos, retain, ...(properties && { properties: packetProperties(properties) }) };
        client.publish(topic, Buffer.from(payloadBase64, 'base64'), options, (error, packet) => {
          if (error instanceof ErrorWithReasonCode) return resolve(error.code);
          if (error) return reject(new ConsoleError('publish/unanswered', { cause: error }));
          if (packet?.messageId !== undefined && unheard.has(packet.messageId)) return resolve(noMatchingSubscribers);
          resolve(packet && 'reasonCode' in packet ? packet.reasonCode : undefined);
        });
      }),
    ]);
    return explainAnswer(message, client.options.protocolVersion === 5 ? 5 : 4, reasonCode);
  } finally {
    clearTimeout(timer);
    client.removeListener('packetreceive', note);
  }
}

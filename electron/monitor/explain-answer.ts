import type { OutgoingMessage, PublishAnswer } from '../../shared/model/publish.ts';

/** Reason codes of PUBACK and PUBREC that are a no (MQTT 5, section 3.4.2.1). */
const refusals: ReadonlyMap<number, string> = new Map([
  [0x80, 'The broker refused the message and does not say why.'],
  [0x83, 'The broker refused the message for a reason of its own.'],
  [
    0x87,
    'Not authorised: the ACL of the broker does not let this identity write to the topic. Nobody got the message.',
  ],
  [0x90, 'The broker does not take this topic.'],
  [0x91, 'The broker says that the packet identifier is in use. Try again.'],
  [0x95, 'The message is larger than the broker takes (message_size_limit). Nobody got it.'],
  [0x97, 'A quota of the broker is used up.'],
  [0x99, 'The payload is not of the format that its properties promise.'],
]);

/** What a broker's answer to a published message means, and what it does not tell. */
export function explainAnswer(
  message: Pick<OutgoingMessage, 'qos' | 'retain' | 'properties'>,
  version: 4 | 5,
  reasonCode: number | undefined,
): PublishAnswer {
  const answer = explainCode(message, version, reasonCode);
  if (version === 5 || !message.properties) return answer;
  return { ...answer, words: `${answer.words} Its properties were left out: MQTT 3.1.1 has none.` };
}

function explainCode(
  { qos, retain }: Pick<OutgoingMessage, 'qos' | 'retain'>,
  version: 4 | 5,
  reasonCode: number | undefined,
): PublishAnswer {
  if (qos === 0) {
    return {
      result: 'sent',
      reasonCode: null,
      words: 'Sent. At QoS 0 a broker answers nothing: whether it took the message is not known.',
    };
  }
  if (version === 4) {
    return {
      result: 'accepted',
      reasonCode: null,
      words:
        'Acknowledged. Over MQTT 3.1.1 a broker says so also where its ACL denies the topic and drops the message.',
    };
  }
  const code = reasonCode ?? 0;
  if (code >= 0x80) {
    const hex = `0x${code.toString(16)}`;
    return { result: 'refused', reasonCode: code, words: refusals.get(code) ?? `The broker refused with code ${hex}.` };
  }
  if (code === 0x10) {
    const kept = retain ? 'It is kept for those who come.' : 'It reached nobody.';
    return {
      result: 'no-subscribers',
      reasonCode: code,
      words: `Accepted, but no one subscribes to the topic now. ${kept}`,
    };
  }
  return { result: 'accepted', reasonCode: code, words: 'Accepted by the broker.' };
}

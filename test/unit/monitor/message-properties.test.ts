import { expect, test } from 'vitest';
import { messageProperties, packetProperties } from '../../../electron/monitor/message-properties.ts';
import type { MessageProperties } from '../../../shared/model/message-properties.ts';

test('keeps what a sender says of its message, and no topic alias', () => {
  expect(
    messageProperties({
      properties: {
        contentType: 'application/json',
        payloadFormatIndicator: true,
        responseTopic: 'answers',
        correlationData: Buffer.from([0, 255]),
        messageExpiryInterval: 60,
        topicAlias: 3,
        userProperties: { one: 'a', many: ['b', 'c'] },
      },
    }),
  ).toEqual({
    contentType: 'application/json',
    payloadFormatIndicator: true,
    responseTopic: 'answers',
    correlationDataBase64: 'AP8=',
    messageExpiryInterval: 60,
    userProperties: [
      ['one', 'a'],
      ['many', 'b'],
      ['many', 'c'],
    ],
  });
  expect(messageProperties({ properties: { topicAlias: 3 } })).toBeUndefined();
  expect(messageProperties({})).toBeUndefined();
});

test('what is published comes out as it went in', () => {
  const properties: MessageProperties = {
    contentType: 'text/plain',
    correlationDataBase64: 'AQI=',
    messageExpiryInterval: 5,
    userProperties: [
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
    ],
  };
  expect(messageProperties({ properties: packetProperties(properties) })).toEqual(properties);
  expect(packetProperties({})).toEqual({});
});

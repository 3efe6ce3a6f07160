import { expect, test } from 'vitest';
import { messageProperties } from '../../../electron/monitor/message-properties.ts';

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

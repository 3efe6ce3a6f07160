import { describe, expect, it } from 'vitest';
import {
  emptyForm,
  formErrors,
  fromTemplate,
  type MessageFormValues,
  toMessage,
  toTemplate,
} from '../../../renderer/features/monitor/publish/message-form.ts';
import { outgoingMessageSchema, templateContentSchema } from '../../../shared/model/publish.ts';

const full: MessageFormValues = {
  ...emptyForm('hall/lamp'),
  payload: '7b 7d',
  encoding: 'hex',
  qos: '2',
  retain: true,
  contentType: 'application/json',
  responseTopic: 'hall/answer',
  correlation: '01ff',
  isUtf8: true,
  expiry: '4294967295',
  userProperties: 'by=hand\nby=me=you',
};

it('sends what was typed', () => {
  expect(formErrors(full)).toEqual({});
  expect(outgoingMessageSchema.parse(toMessage(full))).toEqual({
    topic: 'hall/lamp',
    payloadBase64: btoa('{}'),
    qos: 2,
    retain: true,
    properties: {
      contentType: 'application/json',
      responseTopic: 'hall/answer',
      correlationDataBase64: 'Af8=',
      payloadFormatIndicator: true,
      messageExpiryInterval: 4_294_967_295,
      userProperties: [
        ['by', 'hand'],
        ['by', 'me=you'],
      ],
    },
  });
});

it('names no properties where none were typed', () => {
  expect(toMessage(emptyForm('a'))).toEqual({ topic: 'a', payloadBase64: '', qos: 1, retain: false });
});

it.each([
  ['full', full],
  ['empty', emptyForm('a')],
] as const)('keeps a %s form in a template', (_what, values) => {
  const content = templateContentSchema.parse(toTemplate('Mine', values));
  const template = { ...content, templateId: crypto.randomUUID(), updatedAt: '2031-01-01T00:00:00.000Z' };
  expect(fromTemplate(template)).toEqual(values);
});

describe('what cannot be sent is said at its field', () => {
  it.each([
    ['topic', { topic: 'hall/#' }],
    ['payload', { payload: '7', encoding: 'hex' }],
    ['payload', { payload: '*', encoding: 'base64' }],
    ['payload', { payload: 'ff', encoding: 'hex', isUtf8: true }],
    ['responseTopic', { responseTopic: 'a/+' }],
    ['correlation', { correlation: '0' }],
    ['expiry', { expiry: '4294967296' }],
    ['expiry', { expiry: '-1' }],
    ['userProperties', { userProperties: 'nameless' }],
  ] as const)('%s: %j', (field, change) => {
    expect(Object.keys(formErrors({ ...emptyForm('a'), ...change }))).toEqual([field]);
  });
});

it('tells of a payload that is too large in its bytes', () => {
  const message = (bytes: number) => toMessage({ ...emptyForm('a'), payload: 'x'.repeat(bytes) });
  expect(outgoingMessageSchema.safeParse(message(262_144)).success).toBe(true);
  expect(outgoingMessageSchema.safeParse(message(262_147)).error?.issues).toMatchObject([
    { message: 'the payload must have 262,144 bytes (256 KiB) at most' },
  ]);
});

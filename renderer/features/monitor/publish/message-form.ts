import type { MessageProperties } from '../../../../shared/model/message-properties.ts';
import type { OutgoingMessage, PublishTemplate, TemplateContent } from '../../../../shared/model/publish.ts';
import { isTopicName } from '../../../../shared/model/topics.ts';

export type MessageFormValues = {
  topic: string;
  payload: string;
  encoding: TemplateContent['encoding'];
  qos: '0' | '1' | '2';
  retain: boolean;
  contentType: string;
  responseTopic: string;
  /** In hex. */
  correlation: string;
  /** The payload format indicator. */
  isUtf8: boolean;
  /** Seconds; empty: it never expires. */
  expiry: string;
  /** `name=value`, one a line. */
  userProperties: string;
};

export const emptyForm = (topic: string): MessageFormValues => ({
  topic,
  payload: '',
  encoding: 'text',
  qos: '1',
  retain: false,
  contentType: '',
  responseTopic: '',
  correlation: '',
  isUtf8: false,
  expiry: '',
  userProperties: '',
});

/** The bytes that were typed; undefined when they are none of this encoding. */
export function payloadBytes({
  payload,
  encoding,
}: Pick<MessageFormValues, 'payload' | 'encoding'>): Uint8Array | undefined {
  if (encoding === 'text') return new TextEncoder().encode(payload);
  if (encoding === 'hex') return hexBytes(payload);
  try {
    return Uint8Array.from(atob(payload.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function hexBytes(text: string): Uint8Array | undefined {
  const plain = text.replace(/\s+/g, '');
  if (plain.length % 2 !== 0 || /[^0-9a-f]/i.test(plain)) return undefined;
  return Uint8Array.from(plain.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function isUtf8(bytes: Uint8Array | undefined): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Of a four-byte integer (MQTT 5, 3.3.2.3.3). */
const maxExpiry = 4_294_967_295;

export const formErrors = (values: MessageFormValues): Record<string, string> => ({
  ...(!isTopicName(values.topic) && { topic: 'A topic without wildcards (+, #)' }),
  ...(payloadBytes(values) === undefined && { payload: `This is no ${values.encoding}` }),
  ...(values.isUtf8 &&
    !isUtf8(payloadBytes(values)) && { payload: 'These bytes are no UTF-8, which is promised below' }),
  ...(values.responseTopic !== '' &&
    !isTopicName(values.responseTopic) && { responseTopic: 'A topic without wildcards (+, #)' }),
  ...(hexBytes(values.correlation) === undefined && { correlation: 'Pairs of hex digits' }),
  ...(values.expiry !== '' &&
    !(/^\d{1,10}$/.test(values.expiry) && Number(values.expiry) <= maxExpiry) && {
      expiry: 'Whole seconds, 4,294,967,295 at most',
    }),
  ...(pairsOf(values.userProperties).some(([name]) => name === '') && { userProperties: 'name=value, one a line' }),
});

export const toMessage = (values: MessageFormValues): OutgoingMessage => ({
  ...deliveryOf(values),
  topic: values.topic,
  payloadBase64: toBase64(payloadBytes(values) ?? new Uint8Array()),
});

export const toTemplate = (name: string, values: MessageFormValues): TemplateContent => ({
  ...deliveryOf(values),
  name,
  topic: values.topic,
  payload: values.payload,
  encoding: values.encoding,
});

export const fromTemplate = ({
  topic,
  payload,
  encoding,
  qos,
  retain,
  properties = {},
}: PublishTemplate): MessageFormValues => ({
  topic,
  payload,
  encoding,
  qos: `${qos}`,
  retain,
  contentType: properties.contentType ?? '',
  responseTopic: properties.responseTopic ?? '',
  correlation: hexOf(properties.correlationDataBase64 ?? ''),
  isUtf8: properties.payloadFormatIndicator === true,
  expiry: properties.messageExpiryInterval?.toString() ?? '',
  userProperties: (properties.userProperties ?? []).map(([name, value]) => `${name}=${value}`).join('\n'),
});

function deliveryOf(values: MessageFormValues): Pick<OutgoingMessage, 'qos' | 'retain' | 'properties'> {
  const correlation = hexBytes(values.correlation) ?? new Uint8Array();
  const userProperties = pairsOf(values.userProperties);
  const properties: MessageProperties = {
    ...(values.contentType !== '' && { contentType: values.contentType }),
    ...(values.responseTopic !== '' && { responseTopic: values.responseTopic }),
    ...(correlation.length > 0 && { correlationDataBase64: toBase64(correlation) }),
    ...(values.isUtf8 && { payloadFormatIndicator: true }),
    ...(values.expiry !== '' && { messageExpiryInterval: Number(values.expiry) }),
    ...(userProperties.length > 0 && { userProperties }),
  };
  const qos = values.qos === '0' ? 0 : values.qos === '1' ? 1 : 2;
  return { qos, retain: values.retain, ...(Object.keys(properties).length > 0 && { properties }) };
}

/** A line without `=` has no name. */
const pairsOf = (text: string): [string, string][] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? ['', line] : [line.slice(0, at).trim(), line.slice(at + 1)];
    });

const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

const hexOf = (base64: string): string =>
  Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

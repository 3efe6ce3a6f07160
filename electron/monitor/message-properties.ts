// What mqtt.js tells of a message's MQTT 5 properties, as the console keeps and shows it.

import type { IPublishPacket } from 'mqtt';
import type { MessageProperties } from '../../shared/model/message-properties.ts';

/** Undefined where the sender said nothing; a topic alias, which concerns the connection only, says nothing either. */
export function messageProperties({ properties }: Pick<IPublishPacket, 'properties'>): MessageProperties | undefined {
  if (properties === undefined) return undefined;
  const { contentType, payloadFormatIndicator, responseTopic, correlationData, messageExpiryInterval } = properties;
  const userProperties = Object.entries(properties.userProperties ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const told: MessageProperties = {
    ...(contentType !== undefined && { contentType }),
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationDataBase64: correlationData.toString('base64') }),
    ...(messageExpiryInterval !== undefined && { messageExpiryInterval }),
    ...(userProperties.length > 0 && { userProperties }),
  };
  return Object.keys(told).length > 0 ? told : undefined;
}

const nothing = new Uint8Array(0);

/** As they are kept: as bytes they take what is counted of them, and nothing more. */
export const encodeProperties = (properties: MessageProperties | undefined): Uint8Array =>
  properties === undefined ? nothing : Buffer.from(JSON.stringify(properties));

/** What `encodeProperties` made. */
export const decodeProperties = (encoded: Uint8Array): MessageProperties | null =>
  encoded.byteLength === 0 ? null : (JSON.parse(bufferOf(encoded).toString('utf8')) as MessageProperties);

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** For mqtt.js, of what the console publishes. A name that repeats goes as often as it stands there. */
export function packetProperties(properties: MessageProperties): NonNullable<IPublishPacket['properties']> {
  const { correlationDataBase64, userProperties = [], ...same } = properties;
  const byName = Map.groupBy(userProperties, ([name]) => name);
  return {
    ...withoutUndefined(same),
    ...(correlationDataBase64 !== undefined && { correlationData: Buffer.from(correlationDataBase64, 'base64') }),
    ...(byName.size > 0 && {
      userProperties: Object.fromEntries([...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value)])),
    }),
  };
}

const withoutUndefined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

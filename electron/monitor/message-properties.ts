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

/** The other way round, for what the console publishes. A name that repeats goes as often as it stands there. */
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

// What publishing a message would do, in words, before it is done. Whoever reaches a live plant confirms these very words:
// a plant that became live since then, or another message, asks anew.

import { ConsoleError } from '../../shared/model/errors.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import type { OutgoingMessage } from '../../shared/model/publish.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import type { OperationContext } from './context.ts';

/** Of a message, in octets, by Voke's protocol; brokers of its profile drop what is larger. */
const messageSizeLimit = 8192;

const plantTopic = /^cpi\/([^/]+)(?:\/(.*))?$/s;

export type Guarded = {
  readonly consequences: string[];
  readonly warnings: string[];
  readonly needsConfirmation: boolean;
};

/** Whether a plant may be out there under this identity now. */
export const isLive = ({ status, lastSeenAt }: Pick<PlantRow, 'status' | 'lastSeenAt'>): boolean =>
  status === 'ACTIVE' || lastSeenAt !== null;

/** The plant of the register whose topic this is. A UUID is taken in any case: a broker tells them apart, its reader may not. */
export function plantOfTopic(context: OperationContext, topic: string): PlantRow | undefined {
  const id = plantIdSchema.safeParse(plantTopic.exec(topic)?.[1]).data;
  return id && context.vault.plants.get(id);
}

export const isCommandTopic = (topic: string): boolean => /^cpi\/[^/]+\/commands?$/.test(topic);

/** Throws `publish/retained-command`; an empty retained message, which takes one away, is none. */
export function guardMessage(context: OperationContext, message: OutgoingMessage): Guarded {
  const { topic, qos, retain } = message;
  const bytes = Buffer.from(message.payloadBase64, 'base64').byteLength;
  const isDeletion = retain && bytes === 0;
  if (retain && !isDeletion && isCommandTopic(topic)) throw new ConsoleError('publish/retained-command');
  const plant = plantOfTopic(context, topic);
  const consequences = [
    isDeletion
      ? `Deletes what the broker keeps under ${visibleText(topic)}; who listens now gets an empty message.`
      : `Publishes ${bytes} bytes to ${visibleText(topic)} at QoS ${qos}, ${retain ? 'retained: the broker keeps it for everybody who subscribes later' : 'not retained'}.`,
  ];
  if (plant) consequences.push(...plantWords(plant, topic, isDeletion));
  const warnings: string[] = [];
  if (bytes > messageSizeLimit) {
    warnings.push(
      `The payload has ${bytes} bytes. Voke's protocol allows ${messageSizeLimit} a message, and a broker of its profile takes none that is larger: it may end the session.`,
    );
  }
  if (topic.startsWith('$')) warnings.push('Topics that begin with $ are the broker’s own: most refuse to take this.');
  return { consequences, warnings, needsConfirmation: plant !== undefined && isLive(plant) };
}

/** What publishing a command to the plant would do. */
export function guardCommand(plant: PlantRow, type: string, isSigned: boolean): Guarded {
  return {
    consequences: [
      `Sends the command ${type} to ${plant.name}, once and not retained, ${isSigned ? "signed with the plant's secret" : 'unsigned, since there is no secret of it here'}.`,
      stateWords(plant),
      'A plant that is connected obeys at once; what it switches is switched for real.',
    ],
    warnings: [],
    needsConfirmation: isLive(plant),
  };
}

function plantWords(plant: PlantRow, topic: string, isDeletion: boolean): string[] {
  const name = plantTopic.exec(topic)?.[2] ?? '';
  const words = [stateWords(plant)];
  if (isDeletion) return words;
  if (isCommandTopic(topic)) words.push('This is a command: a plant that is connected obeys at once.');
  else if (name === 'config') words.push('This is configuration that the plant reads.');
  else words.push('Only the plant itself writes here: who listens takes this for what the plant said.');
  return words;
}

function stateWords({ name, status, lastSeenAt }: PlantRow): string {
  const heard = lastSeenAt === null ? 'never heard' : `last heard ${lastSeenAt}`;
  return `The plant is ${name}: ${status}, ${heard}.`;
}

// What publishing a message would do, in words, before it is done. Whoever reaches what may be a live plant confirms these
// very words: a plant that became live since then, or another message, asks anew. Asked for besides:
// - before anything retained on a plant's topic: whoever comes later gets it as if it were said then;
// - before what a plant obeys or reads, where the register does not know the plant;
// - before topics that begin with `$`: below $CONTROL a broker changes itself.

import { ConsoleError } from '../../shared/model/errors.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import type { OutgoingMessage } from '../../shared/model/publish.ts';
import { topicsWrittenByPlant } from '../../shared/model/topics.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import type { OperationContext } from './context.ts';

/** Of a message, in octets, by Voke's protocol; brokers of its profile drop what is larger. */
const messageSizeLimit = 8192;

const plantTopic = /^cpi\/([^/]+)(?:\/(.*))?$/s;
const passwordUsername = /^plc-[0-9a-f]{8}$/i;

/** Words for what speaks for a plant being out there now; none: nothing does. */
export type LifeSigns = {
  readonly ofPlant: (plant: PlantRow) => readonly string[];
  /** Of an id that the register does not know. */
  readonly ofStranger: (plantId: PlantId) => readonly string[];
};

export const noLifeSigns: LifeSigns = { ofPlant: () => [], ofStranger: () => [] };

export type Guarded = {
  readonly consequences: string[];
  readonly warnings: string[];
  /** Names. */
  readonly livePlants: string[];
  readonly needsConfirmation: boolean;
};

export const isLive = (plant: PlantRow, signs: LifeSigns): boolean =>
  plant.status === 'ACTIVE' || plant.lastSeenAt !== null || signs.ofPlant(plant).length > 0;

/**
 * The plants of the register whose id or user name is a level of the topic, wherever it stands: a bridge may put
 * something before it. An id is taken in any case: a broker tells them apart, its reader may not.
 */
export function plantsOfTopic({ vault: { plants } }: OperationContext, topic: string): PlantRow[] {
  const found = new Map<PlantId, PlantRow>();
  for (const level of new Set(topic.split('/'))) {
    const id = plantIdSchema.safeParse(level).data;
    const plant = id ? plants.get(id) : byUsername(plants, level);
    if (plant) found.set(plant.plantId, plant);
  }
  return [...found.values()];
}

function byUsername(plants: OperationContext['vault']['plants'], level: string): PlantRow | undefined {
  if (!passwordUsername.test(level)) return undefined;
  const username = level.toLowerCase();
  return plants.list({ query: username, limit: 50 }).items.find((plant) => plant.username === username);
}

export const isCommandTopic = (topic: string): boolean => /(?:^|\/)cpi\/[^/]+\/commands?(?:\/|$)/.test(topic);

/** Throws `publish/retained-command`; an empty retained message, which takes one away, is none. */
export function guardMessage(context: OperationContext, message: OutgoingMessage, signs: LifeSigns): Guarded {
  const { topic, qos, retain } = message;
  const bytes = Buffer.from(message.payloadBase64, 'base64').byteLength;
  const isDeletion = retain && bytes === 0;
  if (retain && !isDeletion && isCommandTopic(topic)) throw new ConsoleError('publish/retained-command');
  const plants = plantsOfTopic(context, topic);
  const stranger = plants.length === 0 ? plantIdSchema.safeParse(plantTopic.exec(topic)?.[1]).data : undefined;
  const strangerWords = stranger ? wordsOfStranger(topic, retain, signs.ofStranger(stranger)) : [];
  const live = plants.filter((plant) => isLive(plant, signs));
  const isBrokersOwn = topic.startsWith('$');
  return {
    consequences: [
      isDeletion
        ? `Deletes what the broker keeps under ${visibleText(topic)}; who listens now gets an empty message.`
        : `Publishes ${bytes} bytes to ${visibleText(topic)} at QoS ${qos}, ${retain ? 'retained: the broker keeps it for everybody who subscribes later' : 'not retained'}.`,
      ...plants.map((plant) => stateWords(plant, signs)),
      ...(plants.length > 0 && !isDeletion ? [topicWords(topic)] : []),
      ...strangerWords,
      ...(isBrokersOwn ? ['Topics that begin with $ are the broker’s own: below $CONTROL it changes itself.'] : []),
    ],
    warnings: [
      ...(bytes > messageSizeLimit
        ? [
            `The payload has ${bytes} bytes. Voke's protocol allows ${messageSizeLimit} a message, and a broker of its profile takes none that is larger: it may end the session.`,
          ]
        : []),
      ...(isBrokersOwn ? ['Most brokers refuse what is published to topics that begin with $.'] : []),
    ],
    livePlants: live.map(({ name }) => name),
    needsConfirmation: live.length > 0 || (retain && plants.length > 0) || strangerWords.length > 0 || isBrokersOwn,
  };
}

/** What publishing a command to the plant would do. */
export function guardCommand(plant: PlantRow, type: string, isSigned: boolean, signs: LifeSigns): Guarded {
  const isOut = isLive(plant, signs);
  return {
    consequences: [
      `Sends the command ${type} to ${plant.name}, once and not retained, ${isSigned ? "signed with the plant's secret" : 'unsigned, since there is no secret of it here'}.`,
      stateWords(plant, signs),
      'A plant that is connected obeys at once; what it switches is switched for real.',
    ],
    warnings: [],
    livePlants: isOut ? [plant.name] : [],
    needsConfirmation: isOut,
  };
}

function topicWords(topic: string): string {
  if (isCommandTopic(topic)) return 'This is a command: a plant that is connected obeys at once.';
  const name = plantTopic.exec(topic)?.[2] ?? '';
  if (name === 'config') return 'This is configuration that the plant reads.';
  return 'Only the plant itself writes here: who listens takes this for what the plant said.';
}

/** None where nothing retained and nothing that a plant reads goes to somebody of whom nothing is known. */
function wordsOfStranger(topic: string, retain: boolean, signs: readonly string[]): string[] {
  const name = plantTopic.exec(topic)?.[2] ?? '';
  const isSaidByPlants = topicsWrittenByPlant.some((written) => written === name);
  if (isSaidByPlants && !retain && signs.length === 0) return [];
  const known = signs.length > 0 ? `${signs.join(', ')}.` : 'whether one is out there is not known.';
  return [`No plant of this register has the id in the topic: ${known}`];
}

/** As it stands elsewhere in the window: `2026-03-09 14:05:09`. */
const localTime = (iso: string): string => new Date(iso).toLocaleString('sv-SE');

/** Without its first words it stands in lists. */
export function stateWords(plant: PlantRow, signs: LifeSigns): string {
  const { name, status, lastSeenAt } = plant;
  const heard = lastSeenAt === null ? 'never heard' : `last heard ${localTime(lastSeenAt)}`;
  return `The plant is ${[`${name}: ${status}`, heard, ...signs.ofPlant(plant)].join(', ')}.`;
}

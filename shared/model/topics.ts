import type { PlantId } from './plant.ts';

/** What a plant writes, and what it reads. Both `command` and `commands` occur in the field, so both are granted. */
export const topicsWrittenByPlant = ['telemetry', 'status', 'ack', 'alarm', 'info'] as const;
export const topicsReadByPlant = ['command', 'commands', 'config'] as const;

export type PlantTopic = (typeof topicsWrittenByPlant)[number] | (typeof topicsReadByPlant)[number];

/** `cpi/{plantId}/{name}`, the topic space of Voke's protocol. */
export const plantTopic = (plantId: PlantId | string, name: PlantTopic): string => `cpi/${plantId}/${name}`;

/** All that any plant says or hears; the console's own identity may read it. */
export const allPlantsFilter = 'cpi/#';

/**
 * Whether an MQTT topic filter matches a topic name (MQTT 5, section 4.7).
 * A leading `$` is matched only by a filter that begins with `$` too.
 */
export function filterMatchesTopic(filter: string, topic: string): boolean {
  const filterLevels = filter.split('/');
  const topicLevels = topic.split('/');
  if (topic.startsWith('$') !== filter.startsWith('$')) return false;
  for (let i = 0; i < filterLevels.length; i++) {
    const level = filterLevels[i];
    if (level === '#') return true;
    if (i >= topicLevels.length) return false;
    if (level !== '+' && level !== topicLevels[i]) return false;
    // `a/#` also matches its parent `a`.
    if (i === topicLevels.length - 1 && filterLevels[i + 1] === '#' && filterLevels.length === i + 2) return true;
  }
  return filterLevels.length === topicLevels.length;
}

import type { PlantId } from './plant.ts';

/** What a plant writes, and what it reads. Both `command` and `commands` occur in the field, so both are granted. */
export const topicsWrittenByPlant = ['telemetry', 'status', 'ack', 'alarm', 'info'] as const;
export const topicsReadByPlant = ['command', 'commands', 'config'] as const;

export type PlantTopic = (typeof topicsWrittenByPlant)[number] | (typeof topicsReadByPlant)[number];

/** What every topic of Voke's protocol begins with. */
export const plantTopicSpace = 'cpi/';

/** `cpi/{plantId}/{name}`. */
export const plantTopic = (plantId: PlantId | string, name: PlantTopic): string => `cpi/${plantId}/${name}`;

/** All that any plant says or hears; the console's own identity may read it. */
export const allPlantsFilter = 'cpi/#';

/** Mosquitto refuses a filter with more separators than this, and MQTT one with more bytes (MQTT 5, 4.7.3). */
const maxTopicSeparators = 200;
const maxTopicBytes = 65_535;

/** Whether the text is a topic filter that a broker takes: `+` fills a level, `#` fills the last one (MQTT 5, 4.7.1). */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/');
  return (
    filter !== '' &&
    !filter.includes('\0') &&
    // UTF-8 has no lone surrogates: written, one becomes U+FFFD, and the filter another one (MQTT 5, 1.5.4).
    filter.isWellFormed() &&
    levels.length <= maxTopicSeparators + 1 &&
    (filter.length * 3 <= maxTopicBytes || new TextEncoder().encode(filter).length <= maxTopicBytes) &&
    levels.every((level, i) => level === '+' || (level === '#' && i === levels.length - 1) || !/[+#]/.test(level))
  );
}

/** Whether a message can be published under the text: no wildcards, no NUL, at most 65,535 bytes of UTF-8 (MQTT 5, 4.7.3). */
export const isTopicName = (topic: string): boolean =>
  topic !== '' &&
  topic.length <= maxTopicBytes &&
  topic.isWellFormed() &&
  !/[+#\0]/.test(topic) &&
  (topic.length * 3 <= maxTopicBytes || new TextEncoder().encode(topic).length <= maxTopicBytes);

/**
 * Whether an MQTT topic filter matches a topic name (MQTT 5, section 4.7).
 * A leading `$` is matched only by a filter that begins with `$` too. An invalid filter matches nothing.
 */
export function filterMatchesTopic(filter: string, topic: string): boolean {
  return filter !== '' && topic !== '' && levelsMatch(filter.split('/'), topic.split('/'));
}

/**
 * The same for their levels. Of the topic as many are enough as the filter has, and one more: whoever asks for many
 * filters splits a topic once.
 */
export function levelsMatch(filterLevels: readonly string[], topicLevels: readonly string[]): boolean {
  if (topicLevels[0]?.startsWith('$') !== filterLevels[0]?.startsWith('$')) return false;
  for (const [i, level] of filterLevels.entries()) {
    // `#` stands for its parent level too: `a/#` matches `a`.
    if (level === '#') return i === filterLevels.length - 1;
    if (i >= topicLevels.length) return false;
    if (level !== '+' && level !== topicLevels[i]) return false;
  }
  return filterLevels.length === topicLevels.length;
}

import { createHash } from 'node:crypto';

/** V8 takes the length of a string beyond 16,383 characters for its hash, so that all of one length fall together. */
const maxLength = 1024;

/**
 * By what a topic is looked up at broker speed: itself, or a digest of one that is so long that a few thousand of them
 * would hold every look-up up. No topic has the character that the digest begins with (MQTT 5, 1.5.4).
 */
export const topicKey = (topic: string): string =>
  topic.length <= maxLength ? topic : `\0${createHash('sha256').update(topic).digest('base64')}`;

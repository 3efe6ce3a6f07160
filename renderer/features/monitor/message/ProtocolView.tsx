import { useMemo } from 'react';
import { readJson } from '../../../../shared/model/payload/json.ts';
import { readSparkplugPayload } from '../../../../shared/model/payload/sparkplug-payload.ts';
import { parseSparkplugTopic } from '../../../../shared/model/payload/sparkplug-topic.ts';
import { readVokeMessage } from '../../../../shared/model/payload/voke-message.ts';
import classes from './Message.module.css';
import { SparkplugMessage } from './SparkplugMessage.tsx';
import { VokeMessageView } from './VokeMessageView.tsx';

/**
 * A message of a protocol that its topic names, shown as what it is; nothing for the others. Of one that was cut only what
 * its topic says.
 */
export function ProtocolView({ topic, bytes, isCut }: { topic: string; bytes: Uint8Array; isCut: boolean }) {
  const sparkplug = useMemo(() => parseSparkplugTopic(topic), [topic]);
  const isSparkplugData = sparkplug !== null && sparkplug.type !== 'STATE' && !isCut;
  const metrics = useMemo(() => (isSparkplugData ? readSparkplugPayload(bytes) : null), [isSparkplugData, bytes]);
  const voke = useMemo(() => {
    if (isCut || !/^cpi\/[^/]+\/(telemetry|commands?|ack|alarm)$/.test(topic)) return null;
    const json = readJson(bytes);
    return json.ok ? readVokeMessage(topic, json.value) : json;
  }, [topic, bytes, isCut]);
  if (voke) {
    if (voke.ok) return <VokeMessageView message={voke.value} />;
    return <p className={classes.mismatch}>No message of Voke's protocol: {voke.reason}</p>;
  }
  if (sparkplug) return <SparkplugMessage topic={sparkplug} payload={metrics} />;
  return null;
}

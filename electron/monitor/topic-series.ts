// Numbers of a topic's earlier messages for a plot: they are read here, so that a plot of ten thousand points moves two
// arrays of numbers and no payload.

import type { NumericSeries, TopicSeries } from '../../shared/model/message-history.ts';
import { readCbor } from '../../shared/model/payload/cbor.ts';
import { type JsonValue, readJson } from '../../shared/model/payload/json.ts';
import { numberAt, pointerSteps } from '../../shared/model/payload/number-at.ts';
import { endOfSlice } from '../platform/slices.ts';
import type { MessageHistory, PastMessage } from './message-history.ts';

export type SeriesQuery = {
  readonly topic: string;
  /** JSON Pointers. */
  readonly paths: readonly string[];
  /** Messages read at most, the newest. */
  readonly limit: number;
  /** Only messages with a larger id. */
  readonly after: number;
};

/** Reads JSON, and CBOR where a payload is no JSON. A payload of which only the beginning was kept holds no number. */
export async function topicSeries(
  history: MessageHistory,
  { topic, paths, limit, after }: SeriesQuery,
): Promise<TopicSeries> {
  const series = paths.map((path) => ({ path, times: [] as number[], values: [] as number[] }));
  const steps = paths.map(pointerSteps);
  const sliceEnds = endOfSlice();
  let messages = 0;
  let withoutNumber = 0;
  let newestMessageId: number | null = null;
  for (const message of history.of(topic)) {
    if (message.messageId <= after || messages === limit) break;
    newestMessageId ??= message.messageId;
    messages += 1;
    const value = readValue(message);
    let found = false;
    for (const [i, { times, values }] of series.entries()) {
      const number = value === undefined ? undefined : numberAt(value, steps[i] ?? []);
      if (number === undefined) continue;
      found = true;
      times.push(message.receivedAt);
      values.push(number);
    }
    if (!found) withoutNumber += 1;
    await sliceEnds();
  }
  return { series: series.map(oldestFirst), messages, withoutNumber, newestMessageId };
}

function readValue({ payload, payloadBytes }: PastMessage): JsonValue | undefined {
  if (payload.byteLength < payloadBytes) return undefined;
  const json = readJson(payload);
  if (json.ok) return json.value;
  const cbor = readCbor(payload);
  return cbor.ok ? cbor.value : undefined;
}

const oldestFirst = ({ path, times, values }: NumericSeries): NumericSeries => ({
  path,
  times: times.reverse(),
  values: values.reverse(),
});

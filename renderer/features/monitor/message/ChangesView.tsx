import { useMemo } from 'react';
import type { HistoryMessage } from '../../../../shared/model/message-history.ts';
import { readCbor } from '../../../../shared/model/payload/cbor.ts';
import { type Difference, differencesBetween } from '../../../../shared/model/payload/differences.ts';
import { type JsonValue, readJson } from '../../../../shared/model/payload/json.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { timeOfDay } from '../../../ui/time.ts';
import classes from './Message.module.css';
import { asText, decodeBase64 } from './payload-text.ts';

const most = 200;

function read(bytes: Uint8Array): JsonValue | undefined {
  const json = readJson(bytes);
  if (json.ok) return json.value;
  const cbor = readCbor(bytes);
  return cbor.ok ? cbor.value : undefined;
}

/** What a message changed against the one before it on its topic. */
export function ChangesView({ messages }: { messages: readonly HistoryMessage[] }) {
  const [after, before] = messages;
  if (!after || !before)
    return <p className={classes.hidden}>There is no earlier message of this topic to compare with.</p>;
  return (
    <>
      <p className={classes.hidden}>
        {timeOfDay(after.receivedAt)} against {timeOfDay(before.receivedAt)}
      </p>
      <Changes before={before.payloadBase64} after={after.payloadBase64} />
    </>
  );
}

function Changes({ before, after }: { before: string; after: string }) {
  const result = useMemo(() => {
    const [old, fresh] = [decodeBase64(before), decodeBase64(after)];
    const [oldValue, freshValue] = [read(old), read(fresh)];
    return oldValue === undefined || freshValue === undefined
      ? { texts: [asText(old), asText(fresh)] as const }
      : { values: differencesBetween(oldValue, freshValue, most) };
  }, [before, after]);
  if (before === after) return <p>The same payload, byte for byte.</p>;
  if (result.texts) return <TextChange texts={result.texts} />;
  const { differences, truncated } = result.values;
  if (differences.length === 0) return <p>The same values, written otherwise.</p>;
  return (
    <>
      <ul className={classes.changes} aria-label="Changes">
        {differences.map((difference) => (
          <li key={`${difference.kind} ${difference.path}`} data-kind={difference.kind}>
            <ChangeLine difference={difference} />
          </li>
        ))}
      </ul>
      {truncated && <p className={classes.hidden}>More than {most} values changed; the others are not shown.</p>}
    </>
  );
}

const shown = (value: JsonValue): string => visibleText(JSON.stringify(value)).slice(0, 300);

function ChangeLine({ difference }: { difference: Difference }) {
  return (
    <>
      <span className="mono">{visibleText(difference.path) || '(the whole)'}</span>
      {difference.kind !== 'added' && <del>{shown(difference.before)}</del>}
      {difference.kind !== 'removed' && <ins>{shown(difference.after)}</ins>}
    </>
  );
}

function TextChange({ texts: [before, after] }: { texts: readonly [string, string] }) {
  return (
    <div className={classes.texts}>
      <pre className={classes.payload}>{before.slice(0, 10_000) || '(empty)'}</pre>
      <pre className={classes.payload}>{after.slice(0, 10_000) || '(empty)'}</pre>
    </div>
  );
}

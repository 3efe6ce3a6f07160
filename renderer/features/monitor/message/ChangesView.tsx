import { useMemo } from 'react';
import type { HistoryMessage } from '../../../../shared/model/message-history.ts';
import { readCbor } from '../../../../shared/model/payload/cbor.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { exactTimeOfDay } from '../../../ui/time.ts';
import { type Change, changesBetween } from './changes.ts';
import { keyed } from './keyed.ts';
import classes from './Message.module.css';
import { asText, decodeBase64 } from './payload-text.ts';
import { jsonTree, type ValueNode, valueTree } from './value-tree.ts';

const most = 200;

function read(bytes: Uint8Array): ValueNode | null {
  const json = jsonTree(bytes);
  if (json) return json;
  const cbor = readCbor(bytes);
  return cbor.ok ? valueTree(cbor.value) : null;
}

/** What a message changed against the one before it on its topic. */
export function ChangesView({ messages }: { messages: readonly HistoryMessage[] }) {
  const [after, before] = messages;
  if (!after || !before)
    return <p className={classes.hidden}>There is no earlier message of this topic to compare with.</p>;
  return (
    <>
      <p className={classes.hidden}>
        {exactTimeOfDay(after.receivedAt)} against {exactTimeOfDay(before.receivedAt)}
      </p>
      <Changes before={before.payloadBase64} after={after.payloadBase64} isCut={isCut(before) || isCut(after)} />
    </>
  );
}

const isCut = ({ payloadBytes, payloadBase64 }: HistoryMessage): boolean =>
  payloadBytes > decodeBase64(payloadBase64).length;

/** `isCut`: of one of them only the beginning is here, so that only the texts can be compared. */
function Changes({ before, after, isCut }: { before: string; after: string; isCut: boolean }) {
  const result = useMemo(() => {
    const [old, fresh] = [decodeBase64(before), decodeBase64(after)];
    const [oldValue, freshValue] = isCut ? [null, null] : [read(old), read(fresh)];
    return oldValue && freshValue
      ? { values: changesBetween(oldValue, freshValue, most) }
      : { texts: [asText(old), asText(fresh)] as const };
  }, [before, after, isCut]);
  if (before === after)
    return <p>{isCut ? 'The same beginning; the rest is not here.' : 'The same payload, byte for byte.'}</p>;
  if (result.texts) return <TextChange texts={result.texts} />;
  const { changes, truncated } = result.values;
  if (changes.length === 0) return <p>The same values, written otherwise.</p>;
  return (
    <>
      <ul className={classes.changes} aria-label="Changes">
        {keyed(changes, ({ kind, path }) => `${kind} ${path}`).map(({ key, entry }) => (
          <li key={key} data-kind={entry.kind}>
            <ChangeLine change={entry} />
          </li>
        ))}
      </ul>
      {truncated && <p className={classes.hidden}>More than {most} values changed; the others are not shown.</p>}
    </>
  );
}

function ChangeLine({ change }: { change: Change }) {
  return (
    <>
      <span className="mono">{visibleText(change.path) || '(the whole)'}</span>
      {change.kind !== 'added' && <del>{visibleText(change.before)}</del>}
      {change.kind !== 'removed' && <ins>{visibleText(change.after)}</ins>}
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

import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import classes from './DiffView.module.css';
import { countChanges, parseDiff } from './diff.ts';

/** So many lines are read on a screen; the rest comes when it is asked for. */
const shownAtFirst = 60;

const spoken = { added: 'added: ', removed: 'removed: ', same: '', place: '' } as const;

/** A unified diff, line by line. What it says is in the signs; the colours only help. */
export function DiffView({ diff, label }: { diff: string; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const lines = useMemo(() => parseDiff(diff), [diff]);
  const { added, removed } = countChanges(lines);
  const shown = isWhole ? lines : lines.slice(0, shownAtFirst);
  return (
    <section className={classes.diff} aria-label={label}>
      <p className={classes.count}>
        {removed} removed (−), {added} added (+); secrets are masked
      </p>
      <div className={classes.scroller}>
        <ol className={classes.lines}>
          {shown.map(({ at, kind, sign, text }) => (
            <li key={at} className={classes.line} data-kind={kind}>
              <span className={classes.sign} aria-hidden>
                {sign}
              </span>
              <span className={classes.text}>
                {spoken[kind] && <span className="visually-hidden">{spoken[kind]}</span>}
                {text || ' '}
              </span>
            </li>
          ))}
        </ol>
      </div>
      {lines.length > shown.length && <Button onClick={() => setWhole(true)}>Show all {lines.length} lines</Button>}
    </section>
  );
}

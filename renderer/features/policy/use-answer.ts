import { useEffect, useRef, useState } from 'react';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';

/** A pause in typing, in milliseconds. */
const pauseMs = 250;

/**
 * Asks again whenever `key` changes, after a pause; the last answer stays until the next one is there.
 * `key` says all that the question depends on; null asks nothing.
 */
export function useAnswer<T>(key: string | null, question: () => Promise<T>): Snapshot<T> {
  const [answer, setAnswer] = useState<Snapshot<T>>(waiting);
  const latest = useRef(question);
  useEffect(() => {
    latest.current = question;
  });
  useEffect(() => {
    if (key === null) return;
    let isCurrent = true;
    const timer = window.setTimeout(async () => {
      const next = await ask(latest.current);
      if (isCurrent) setAnswer(next);
    }, pauseMs);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [key]);
  return answer;
}

import { useEffect, useRef, useState } from 'react';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';

/** A pause in typing, in milliseconds. */
const pauseMs = 250;

/** `isCurrent` is false while a newer answer is on its way: rules may have moved since. */
export type Answer<T> = Snapshot<T> & { readonly isCurrent: boolean };

/**
 * Asks again whenever `key` changes, after a pause; the last answer stays until the next one is there.
 * `key` says all that the question depends on; null asks nothing.
 */
export function useAnswer<T>(key: string | null, question: () => Promise<T>): Answer<T> {
  const [answered, setAnswered] = useState<{ key: string | null; answer: Snapshot<T> }>({ key: null, answer: waiting });
  const latest = useRef(question);
  useEffect(() => {
    latest.current = question;
  });
  useEffect(() => {
    if (key === null) return;
    let isWanted = true;
    const timer = window.setTimeout(async () => {
      const answer = await ask(latest.current);
      if (isWanted) setAnswered({ key, answer });
    }, pauseMs);
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
    };
  }, [key]);
  return { ...answered.answer, isCurrent: key !== null && answered.key === key };
}

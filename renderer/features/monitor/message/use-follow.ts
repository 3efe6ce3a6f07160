import { useEffect, useRef, useState } from 'react';
import { ask, coalesce, type Snapshot, waiting } from '../../../app/snapshot.ts';

/**
 * Asks whenever `key` changes, one question at a time: while messages pour in, the answer is renewed as fast as it comes.
 * A new `subject` forgets the answer about the one before.
 */
export function useFollow<T>(
  subject: string,
  key: unknown,
  question: () => Promise<T>,
): [Snapshot<T>, retry: () => void] {
  const [answered, setAnswered] = useState<{ subject: string; answer: Snapshot<T> }>({ subject, answer: waiting });
  const latest = useRef({ subject, question });
  latest.current = { subject, question };
  const [refresh] = useState(() =>
    coalesce(async () => {
      const asked = latest.current;
      const answer = await ask(asked.question);
      if (asked.subject === latest.current.subject) setAnswered({ subject: asked.subject, answer });
    }),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is the reason to ask.
  useEffect(() => void refresh(), [refresh, subject, key]);
  return [answered.subject === subject ? answered.answer : waiting, () => void refresh()];
}

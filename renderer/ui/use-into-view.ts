import { type RefObject, useEffect, useRef } from 'react';

/** Brings an element into sight when it appears: what the operator asked for must not lie beyond the screen. */
export function useIntoView<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    ref.current?.scrollIntoView({ block: 'start' });
  }, []);
  return ref;
}

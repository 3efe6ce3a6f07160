// The text itself, with its lines numbered. Every key changes the draft at once; what is wrong is said above it.

import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { placeAt } from '../../../../shared/model/json/json-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import classes from './JsonEditor.module.css';

/** In pixels, as in the style sheet. */
const lineHeight = 21;

export function JsonEditor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { place, showPlace } = useStore(useConsole().policy);
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const numbers = useMemo(
    () => Array.from({ length: text.split('\n').length }, (_, line) => line + 1).join('\n'),
    [text],
  );
  useEffect(() => {
    if (place === null || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(place, Math.min(place + 1, text.length));
    area.current.scrollTop = Math.max(0, (placeAt(text, place).line - 6) * lineHeight);
    showPlace(null);
  }, [place, text, showPlace]);
  return (
    <div className={classes.editor}>
      <pre ref={gutter} className={classes.gutter} aria-hidden>
        {numbers}
      </pre>
      <textarea
        ref={area}
        className={classes.text}
        aria-label="Rules as JSON"
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { NoJson, nodeAt, parseJsonText, placeAt } from '../../../../shared/model/json/json-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';

/** Leads to a place in the text. */
export function ShowLine({ text, offset }: { text: string; offset: number }) {
  const showPlace = useStore(useConsole().policy, (store) => store.showPlace);
  return (
    <Button
      onClick={() => {
        navigate(href('policy', 'rules', 'json'));
        showPlace(offset);
      }}
    >
      Line {placeAt(text, offset).line}
    </Button>
  );
}

/** Where in the text the part at a dotted path stands; for every path where the text ceases to be JSON, if it does. */
export function placesIn(text: string): (field: string) => number {
  try {
    const root = parseJsonText(text);
    return (field) => nodeAt(root, field.split('.')).start;
  } catch (error) {
    const offset = error instanceof NoJson ? error.offset : 0;
    return () => offset;
  }
}

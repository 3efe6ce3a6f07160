import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { NoJson, parseJsonText, placeAt } from '../../../../shared/model/json/json-text.ts';

/** One rule as it stands in the text. Whether it is a right one is said once it is applied. */
export function RuleJson({
  source,
  onApply,
  onClose,
}: {
  source: string;
  onApply: (source: string) => void;
  onClose: () => void;
}) {
  const indent = indentOf(source);
  const shown = source.replaceAll(`\n${indent}`, '\n');
  const [text, setText] = useState(shown);
  const fault = faultOf(text);
  return (
    <>
      <Textarea
        size="md"
        label="The rule as JSON"
        rows={14}
        wrap="off"
        spellCheck={false}
        value={text}
        error={fault}
        onChange={(event) => setText(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
      />
      <Group justify="flex-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="filled"
          disabled={fault !== null}
          onClick={() => onApply(text === shown ? source : text.trim().replaceAll('\n', `\n${indent}`))}
        >
          Apply
        </Button>
      </Group>
    </>
  );
}

/** What all its lines but the first are indented by, from where the rule stands in the whole text. */
const indentOf = (source: string): string => /\n([ \t]*)[^\n]*$/.exec(source)?.[1] ?? '';

function faultOf(text: string): string | null {
  try {
    parseJsonText(text);
    return null;
  } catch (error) {
    if (!(error instanceof NoJson)) throw error;
    const { line, column } = placeAt(text, error.offset);
    return `Is no JSON: line ${line}, column ${column}: ${error.message}`;
  }
}

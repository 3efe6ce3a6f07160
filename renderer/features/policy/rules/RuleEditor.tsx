import { Button, Drawer, Group, SegmentedControl, Stack } from '@mantine/core';
import { IconArrowDown, IconArrowsDiff, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { nodeAt, parseJsonText } from '../../../../shared/model/json/json-text.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { RemovalDialog } from '../changes/RemovalDialog.tsx';
import { moveRule, type RuleRow, removeRule, rulesPath } from '../rule-rows.ts';
import type { Draft } from '../store.ts';
import classes from './RuleEditor.module.css';
import { RuleFields } from './RuleFields.tsx';
import { RuleJson } from './RuleJson.tsx';
import { emptyForm, formOf, keysBeside, type RuleForm, withNewRule, withRule } from './rule-form.ts';

/** One rule, by form or as its JSON; nothing changes in the draft before “Apply”. `row` is null for a new rule. */
export function RuleEditor({
  draft,
  rows,
  row,
  onClose,
}: {
  draft: Draft;
  rows: readonly RuleRow[];
  row: RuleRow | null;
  onClose: () => void;
}) {
  const edit = useStore(useConsole().policy, (store) => store.edit);
  const [form, setForm] = useState<RuleForm>(() => (row ? formOf(row.rule) : emptyForm));
  const [way, setWay] = useState<'form' | 'json'>('form');
  const [isLookingAhead, setLookingAhead] = useState(false);
  const index = row?.index ?? rows.length;
  const beside = keysBeside(row?.rule);
  const source = useMemo(() => {
    if (!row) return '';
    const { start, end } = nodeAt(parseJsonText(draft.text), [...rulesPath, index]);
    return draft.text.slice(start, end);
  }, [draft.text, row, index]);
  const apply = (text: string) => {
    edit(text);
    onClose();
  };
  const move = (to: number) => {
    edit(moveRule(draft.text, index, to));
    navigate(href('policy', 'rules', String(to + 1)));
  };
  return (
    <Drawer opened onClose={onClose} title={row ? `Rule ${index + 1} of ${rows.length}` : 'New rule'} size={640}>
      <Stack>
        {row && (
          <Group gap={10}>
            <SegmentedControl
              aria-label="Edit as"
              value={way}
              onChange={setWay}
              data={[
                { value: 'form', label: 'Form' },
                { value: 'json', label: 'JSON' },
              ]}
            />
            <Button
              leftSection={<IconArrowUp size={18} aria-hidden />}
              disabled={index === 0}
              onClick={() => move(index - 1)}
            >
              Up
            </Button>
            <Button
              leftSection={<IconArrowDown size={18} aria-hidden />}
              disabled={index === rows.length - 1}
              onClick={() => move(index + 1)}
            >
              Down
            </Button>
          </Group>
        )}
        {way === 'form' ? (
          <>
            {beside.length > 0 && (
              <Notice tone="info">
                Unknown to this console, and kept as it is: <span className="mono">{beside.join(', ')}</span>
                {beside.some((key) => key.startsWith('subjects.')) &&
                  '. With an unknown condition an allow allows nobody, and a deny denies anyway.'}
              </Notice>
            )}
            <RuleFields form={form} rows={rows} onChange={setForm} />
            <Group justify="flex-end" className={classes.foot}>
              <Button onClick={onClose}>Cancel</Button>
              <Button
                variant="filled"
                onClick={() => apply(row ? withRule(draft.text, row, form) : withNewRule(draft.text, index, form))}
              >
                {row ? 'Apply' : 'Add rule'}
              </Button>
            </Group>
          </>
        ) : (
          <RuleJson
            source={source}
            onApply={(text) => {
              const { start, end } = nodeAt(parseJsonText(draft.text), [...rulesPath, index]);
              apply(draft.text.slice(0, start) + text + draft.text.slice(end));
            }}
            onClose={onClose}
          />
        )}
        {row && (
          <Group>
            <Button leftSection={<IconArrowsDiff size={18} aria-hidden />} onClick={() => setLookingAhead(true)}>
              What changes without it?
            </Button>
            <Button
              color="red"
              variant="outline"
              leftSection={<IconTrash size={18} aria-hidden />}
              onClick={() => apply(removeRule(draft.text, index))}
            >
              Remove rule
            </Button>
          </Group>
        )}
      </Stack>
      {isLookingAhead && <RemovalDialog text={draft.text} rule={index} onClose={() => setLookingAhead(false)} />}
    </Drawer>
  );
}

import { Checkbox, Fieldset, Group, Input, SegmentedControl, Stack, TagsInput, Textarea } from '@mantine/core';
import { policyActions, subjectTypes } from '../../../../shared/model/policy.ts';
import { isTopicFilter } from '../../../../shared/model/topics.ts';
import { namesOf, type RuleRow } from '../rule-rows.ts';
import { actionWords } from '../words.ts';
import { type RuleForm, topicsOf } from './rule-form.ts';

const typeWords = { user: 'Users', service: 'Services' } as const;
const conditionFields = [
  { key: 'groups', label: 'Groups: in one of' },
  { key: 'scopes', label: 'Scopes: with one of' },
  { key: 'ids', label: 'Ids: the sub of the token is one of' },
] as const;

export function RuleFields({
  form,
  rows,
  onChange,
}: {
  form: RuleForm;
  rows: readonly RuleRow[];
  onChange: (form: RuleForm) => void;
}) {
  const change = (part: Partial<RuleForm>) => onChange({ ...form, ...part });
  const wrong = topicsOf(form).filter((topic) => !isTopicFilter(topic));
  const toggled = <T,>(list: readonly T[], all: readonly T[], one: T) =>
    all.filter((entry) => (entry === one ? !list.includes(one) : list.includes(entry)));
  return (
    <Stack>
      <Group gap="md">
        <SegmentedControl
          aria-label="Effect"
          value={form.effect}
          onChange={(effect) => change({ effect })}
          data={[
            { value: 'allow', label: 'Allow' },
            { value: 'deny', label: 'Deny' },
          ]}
        />
        <span>{form.effect === 'deny' && 'It wins over every allow.'}</span>
      </Group>
      <Input.Wrapper label="Actions" size="md">
        <Group gap="xl" mt={6}>
          <Checkbox
            size="md"
            label="All"
            checked={form.isAllActions}
            onChange={(event) => change({ isAllActions: event.currentTarget.checked })}
          />
          {policyActions.map((action) => (
            <Checkbox
              key={action}
              size="md"
              label={actionWords[action]}
              disabled={form.isAllActions}
              checked={form.isAllActions || form.actions.includes(action)}
              onChange={() => change({ actions: toggled(form.actions, policyActions, action) })}
            />
          ))}
        </Group>
      </Input.Wrapper>
      <Textarea
        size="md"
        label="Topics"
        description="One a line. + fills a level, # the rest."
        rows={3}
        spellCheck={false}
        value={form.topics}
        error={wrong.length > 0 && `Not a topic filter: ${wrong.join(', ')}`}
        onChange={(event) => change({ topics: event.currentTarget.value })}
        classNames={{ input: 'mono' }}
      />
      <Fieldset legend="Who: all of these must hold; what is left empty holds for any">
        <Stack gap="sm">
          <Group gap="xl">
            {subjectTypes.map((type) => (
              <Checkbox
                key={type}
                size="md"
                label={typeWords[type]}
                checked={form.types.includes(type)}
                onChange={() => change({ types: toggled(form.types, subjectTypes, type) })}
              />
            ))}
            <span>{form.types.length === 0 && 'Neither: both.'}</span>
          </Group>
          {conditionFields.map(({ key, label }) => (
            <TagsInput
              key={key}
              size="md"
              label={label}
              data={[...namesOf(rows, key)]}
              value={[...form[key]]}
              onChange={(names) => change({ [key]: names })}
            />
          ))}
        </Stack>
      </Fieldset>
    </Stack>
  );
}

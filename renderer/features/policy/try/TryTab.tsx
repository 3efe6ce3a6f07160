// One question, asked of the draft as it is; where other rules are in force, their answer stands beside it.

import { PasswordInput, SegmentedControl, Stack, TagsInput, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { policyActions, subjectTypeOf } from '../../../../shared/model/policy.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { namesOf, ruleRows } from '../rule-rows.ts';
import { type Draft, isChanged, type Question } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { actionWords } from '../words.ts';
import { Answer } from './Answer.tsx';
import classes from './Try.module.css';

const typeSentences = {
  user: 'A user, since there are groups.',
  service: 'A service, since there are scopes only.',
  nobody: 'Nobody: without groups and scopes there are no rights.',
} as const;

export function TryTab({ draft }: { draft: Draft }) {
  const { client, policy } = useConsole();
  const { question, setQuestion, versions } = useStore(policy);
  const rows = useMemo(() => ruleRows(draft.text) ?? [], [draft.text]);
  const active = readyValue(versions)?.find(({ isActive }) => isActive)?.version;
  const isOther = active !== undefined && (isChanged(draft) || draft.base?.version !== active);
  const isAsked = question.topic !== '' && (question.way === 'subject' || question.token.trim() !== '');
  const asked = { who: whoOf(question), action: question.action, topic: question.topic };
  const key = isAsked ? JSON.stringify(question) : null;
  const answer = useAnswer(key && `${key} ${draft.text}`, async () => ({
    ...(await client.policyAnalysis.explain({ ...asked, rules: { text: draft.text } })),
    question,
    text: draft.text,
  }));
  const inForce = useAnswer(key && isOther ? `${key} ${active}` : null, () =>
    client.policyAnalysis.explain({ ...asked, rules: { version: active ?? 0 } }),
  );
  return (
    <div className={classes.split}>
      <Panel title="Question">
        <Stack>
          <Who
            question={question}
            onChange={setQuestion}
            groups={namesOf(rows, 'groups')}
            scopes={namesOf(rows, 'scopes')}
          />
          <SegmentedControl
            aria-label="Action"
            fullWidth
            value={question.action}
            onChange={(action) => setQuestion({ action })}
            data={policyActions.map((action) => ({ value: action, label: actionWords[action] }))}
          />
          <TextInput
            label={question.action === 'subscribe' ? 'Topic filter, also with + and #' : 'Topic of a message'}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            value={question.topic}
            onChange={(event) => setQuestion({ topic: event.currentTarget.value })}
          />
        </Stack>
      </Panel>
      <Answer
        answer={isAsked ? answer : null}
        inForce={isOther && inForce.isCurrent && answer.isCurrent ? { version: active, answer: inForce } : null}
      />
    </div>
  );
}

function Who({
  question,
  groups,
  scopes,
  onChange,
}: {
  question: Question;
  groups: readonly string[];
  scopes: readonly string[];
  onChange: (question: Partial<Question>) => void;
}) {
  return (
    <>
      <SegmentedControl
        aria-label="Who asks"
        fullWidth
        value={question.way}
        onChange={(way) => onChange({ way })}
        data={[
          { value: 'subject', label: 'Subject by hand' },
          { value: 'token', label: 'By its token' },
        ]}
      />
      {question.way === 'token' ? (
        <PasswordInput
          label="Token (JWT)"
          description="Checked by the keys of the policy service, and kept nowhere"
          autoComplete="off"
          value={question.token}
          onChange={(event) => onChange({ token: event.currentTarget.value })}
        />
      ) : (
        <>
          <TextInput
            label="Id: the sub of its token"
            description={typeSentences[subjectTypeOf(question.groups, question.scopes)]}
            spellCheck={false}
            value={question.id}
            onChange={(event) => onChange({ id: event.currentTarget.value })}
          />
          <TagsInput
            size="md"
            label="Groups"
            data={[...groups]}
            value={[...question.groups]}
            onChange={(names) => onChange({ groups: names })}
          />
          <TagsInput
            size="md"
            label="Scopes"
            data={[...scopes]}
            value={[...question.scopes]}
            onChange={(names) => onChange({ scopes: names })}
          />
        </>
      )}
    </>
  );
}

const whoOf = ({ way, id, groups, scopes, token }: Question) =>
  way === 'token'
    ? { kind: 'token' as const, token: token.trim() }
    : { kind: 'subject' as const, subject: { type: subjectTypeOf(groups, scopes), id, groups, scopes } };

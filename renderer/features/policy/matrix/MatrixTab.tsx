import { Button, TagsInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { type PolicySubject, subjectTypeOf } from '../../../../shared/model/policy.ts';
import { isTopicFilter } from '../../../../shared/model/topics.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { Fold } from '../../../ui/Fold.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import classes from '../Policy.module.css';
import type { Draft } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { subjectWords } from '../words.ts';
import own from './Matrix.module.css';
import { MatrixGrid } from './MatrixGrid.tsx';

/** Everybody whom the rules tell apart, by every topic that they name, and what the operator adds. */
export function MatrixTab({ draft }: { draft: Draft }) {
  const { client, policy } = useConsole();
  const { setQuestion, addToMatrix, added } = useStore(policy);
  const { subjects, topics } = added;
  const matrix = useAnswer(`${JSON.stringify([subjects, topics])} ${draft.text}`, () =>
    client.policyAnalysis.matrix({ rules: { text: draft.text }, subjects: [...subjects], topics: [...topics] }),
  );
  return (
    <>
      <Fold title="Add subjects and topics" summary="that the rules do not name">
        <AddTopic onAdd={(topic) => addToMatrix([], [topic])} />
        <AddSubject onAdd={(subject) => addToMatrix([subject], [])} />
      </Fold>
      <SnapshotView snapshot={matrix} onRetry={() => {}}>
        {(value) => (
          <>
            {(value.omitted.subjects > 0 || value.omitted.topics > 0) && (
              <Notice tone="attention">
                Not shown: {value.omitted.subjects} further subjects and {value.omitted.topics} further topics. Those
                that you add come first.
              </Notice>
            )}
            <p className={own.legend}>
              <b>S</b> subscribe to the whole filter · <b>R</b> read · <b>P</b> publish on a topic within it. Press a
              cell to see why.
            </p>
            <MatrixGrid
              matrix={value}
              onAsk={(subject, filter, topic, isSubscribe) => {
                const { id, groups, scopes } = subject;
                const asked = isSubscribe
                  ? { action: 'subscribe' as const, topic: filter }
                  : { action: 'read' as const, topic };
                setQuestion({ way: 'subject', id, groups, scopes, ...asked });
                navigate(href('policy', 'try'));
              }}
            />
          </>
        )}
      </SnapshotView>
    </>
  );
}

function AddTopic({ onAdd }: { onAdd: (topic: string) => void }) {
  const [topic, setTopic] = useState('');
  return (
    <form
      className={own.add}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(topic.trim());
        setTopic('');
      }}
    >
      <TextInput
        className={classes.words}
        label="Topic or filter"
        spellCheck={false}
        value={topic}
        onChange={(event) => setTopic(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isTopicFilter(topic.trim())} leftSection={<IconPlus size={18} aria-hidden />}>
        Add topic
      </Button>
    </form>
  );
}

function AddSubject({ onAdd }: { onAdd: (subject: PolicySubject) => void }) {
  const [id, setId] = useState('');
  const [groups, setGroups] = useState<string[]>([]);
  const [scopes, setScopes] = useState<string[]>([]);
  const subject = { type: subjectTypeOf(groups, scopes), id, groups, scopes };
  return (
    <form
      className={own.add}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(subject);
      }}
    >
      <TextInput label="Id" value={id} onChange={(event) => setId(event.currentTarget.value)} />
      <TagsInput size="md" className={classes.words} label="Groups" value={groups} onChange={setGroups} />
      <TagsInput size="md" className={classes.words} label="Scopes" value={scopes} onChange={setScopes} />
      <Button type="submit" disabled={id === ''} leftSection={<IconPlus size={18} aria-hidden />}>
        Add subject
        <span className="visually-hidden"> {subjectWords(subject)}</span>
      </Button>
    </form>
  );
}

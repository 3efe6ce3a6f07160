import { Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './CreateAuthority.module.css';
import { joinSubject, type SubjectParts, splitSubject, subjectParts, subjectPartWords } from './subject.ts';

/** A distinguished name, field by field or as one text; the text can say more than the fields can show. */
export function SubjectFields({ subject, onChange }: { subject: string; onChange: (subject: string) => void }) {
  const [parts, setParts] = useState<SubjectParts | null>(() => splitSubject(subject));
  const showFields = (isShown: boolean) => setParts(isShown ? splitSubject(subject) : null);
  const canShowFields = splitSubject(subject) !== null;
  return (
    <>
      {parts ? (
        <div className={classes.parts}>
          {subjectParts.map((part) => (
            <TextInput
              key={part}
              label={subjectPartWords[part]}
              value={parts[part]}
              maxLength={part === 'C' ? 2 : 64}
              required={part === 'CN'}
              onChange={(event) => {
                const changed = { ...parts, [part]: event.currentTarget.value };
                setParts(changed);
                onChange(joinSubject(changed));
              }}
            />
          ))}
        </div>
      ) : (
        <TextInput
          label="Subject"
          description="A distinguished name such as /C=CZ/O=Acme/CN=Acme Root CA"
          value={subject}
          spellCheck={false}
          required
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Switch
        size="md"
        label="Write the subject as one text"
        description={parts ? subject : canShowFields ? undefined : 'This subject says more than the fields can show.'}
        checked={parts === null}
        disabled={parts === null && !canShowFields}
        onChange={(event) => showFields(!event.currentTarget.checked)}
      />
    </>
  );
}

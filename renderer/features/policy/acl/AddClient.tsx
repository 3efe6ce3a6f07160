import { Button, TagsInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { subjectTypeOf } from '../../../../shared/model/policy.ts';
import type { AclClient } from '../../../../shared/model/policy-acl.ts';
import classes from '../Policy.module.css';
import own from './Acl.module.css';

/** A username of the broker, and who that is to the rules. */
export function AddClient({ names, onAdd }: { names: readonly string[]; onAdd: (client: AclClient) => void }) {
  const [username, setUsername] = useState('');
  const [id, setId] = useState('');
  const [groups, setGroups] = useState<string[]>([]);
  const [scopes, setScopes] = useState<string[]>([]);
  const isTaken = names.includes(username);
  return (
    <form
      className={own.add}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({
          username,
          subject: { type: subjectTypeOf(groups, scopes), id: id === '' ? username : id, groups, scopes },
        });
        setUsername('');
        setId('');
      }}
    >
      <TextInput
        label="Username"
        spellCheck={false}
        error={isTaken && 'is in the list'}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <TextInput
        label="Id of its token"
        placeholder="as the username"
        spellCheck={false}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TagsInput size="md" className={classes.words} label="Groups" value={groups} onChange={setGroups} />
      <TagsInput size="md" className={classes.words} label="Scopes" value={scopes} onChange={setScopes} />
      <Button type="submit" disabled={username === '' || isTaken} leftSection={<IconPlus size={18} aria-hidden />}>
        Add user
      </Button>
    </form>
  );
}

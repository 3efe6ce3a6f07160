// The draft as an acl_file for the users that the operator names. What the file cannot say stands above it, never left to
// be found out.

import { Button } from '@mantine/core';
import { IconFileExport, IconTrash } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RenderedAcl } from '../../../../shared/model/policy-acl.ts';
import { aclDifferenceWords } from '../../../../shared/model/policy-acl-words.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import classes from '../Policy.module.css';
import type { Draft } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { subjectWords } from '../words.ts';
import own from './Acl.module.css';
import { AddClient } from './AddClient.tsx';

/** More differences than these are counted and not listed. */
const maxShown = 100;

export function AclPanel({ draft }: { draft: Draft }) {
  const { client, policy } = useConsole();
  const { aclClients, setAclClients } = useStore(policy);
  const key = aclClients.length > 0 ? `${JSON.stringify(aclClients)} ${draft.text}` : null;
  const rendered = useAnswer(key, () =>
    client.policyBroker.renderAcl({ rules: { text: draft.text }, clients: [...aclClients] }),
  );
  return (
    <Panel title="Rules as an ACL file">
      <div>
        For a Mosquitto that nobody can ask: who may read and publish what, for the users that you name. The file never
        allows what the rules deny.
      </div>
      <AddClient
        names={aclClients.map(({ username }) => username)}
        onAdd={(added) => setAclClients([...aclClients, added])}
      />
      {aclClients.length > 0 && (
        <ul className={classes.list} aria-label="Users of the ACL file">
          {aclClients.map(({ username, subject }) => (
            <li key={username} className={classes.item}>
              <span className={classes.words}>
                <b>{username}</b> · {subjectWords(subject)}
              </span>
              <Button
                aria-label={`Remove ${username}`}
                onClick={() => setAclClients(aclClients.filter((other) => other.username !== username))}
              >
                <IconTrash size={18} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {key !== null && (
        <SnapshotView snapshot={rendered} onRetry={() => {}}>
          {(file) => <RenderedFile file={file} isCurrent={rendered.isCurrent} />}
        </SnapshotView>
      )}
    </Panel>
  );
}

function RenderedFile({ file, isCurrent }: { file: RenderedAcl; isCurrent: boolean }) {
  const { text, differences, more } = file;
  const unlisted = more + Math.max(0, differences.length - maxShown);
  return (
    <>
      <Notice tone="info">
        With an ACL file Mosquitto accepts every subscription, and delivers only what may be read. So reading stands in
        it where the rules allow both. Rights by it do not end with a token.
      </Notice>
      {differences.length > 0 && (
        <>
          <Notice tone="attention">
            The file differs from the rules: {differences.length + more} times it allows less.
          </Notice>
          <ul className={classes.list} aria-label="Where the file differs">
            {differences.slice(0, maxShown).map((difference) => {
              const words = aclDifferenceWords(difference);
              return (
                <li key={words} className={classes.item}>
                  <span className={classes.words}>{words}</span>
                </li>
              );
            })}
          </ul>
          {unlisted > 0 && <p className={classes.count}>and {unlisted} more</p>}
        </>
      )}
      <textarea className={`mono ${own.file}`} aria-label="ACL file" readOnly rows={12} value={text} />
      <div className={classes.bar}>
        <Button
          variant="filled"
          disabled={!isCurrent}
          leftSection={<IconFileExport size={20} aria-hidden />}
          onClick={() => saveFile(new Blob([text], { type: 'text/plain' }), 'acl')}
        >
          Save ACL file
        </Button>
      </div>
    </>
  );
}

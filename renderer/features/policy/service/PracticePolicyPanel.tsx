import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { subjectTypeOf } from '../../../../shared/model/policy.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SecretField } from '../../../ui/SecretField.tsx';
import { dateTime } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import classes from '../Policy.module.css';

/** Rules exercised with real clients: the practice broker asks them at every connect, publish and subscribe. */
export function PracticePolicyPanel() {
  const { practice, client, policy } = useConsole();
  const known = readyValue(useStore(practice, (store) => store.practice));
  const { groups, scopes, id } = useStore(policy, (store) => store.question);
  const [issued, setIssued] = useState<{ token: string; expiresAt: string } | null>(null);
  const switching = useAction();
  const issuing = useAction();
  const ask = async (enabled: boolean) => {
    await client.practice.askPolicy({ enabled });
    await practice.getState().refresh();
  };
  const issue = async () =>
    setIssued(await client.practice.issuePolicyToken({ id, groups: [...groups], scopes: [...scopes] }));
  const who = [id, ...groups, ...scopes].filter((name) => name !== '').join(', ');
  const canIssue = id !== '' && subjectTypeOf(groups, scopes) !== 'nobody';
  return (
    <Panel title="Try it for real">
      <div>
        The practice broker can ask the rules in force for every connect, publish, subscription and delivery. Its own
        controllers have no token and are cut off meanwhile.
      </div>
      {known?.running ? (
        <Switch
          size="lg"
          label="The practice broker asks the policy"
          checked={known.asksPolicy}
          disabled={switching.isBusy}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            void switching.run(() => ask(checked));
          }}
        />
      ) : (
        <div>
          <Button component="a" href={href('practice')}>
            Start the practice plant first
          </Button>
        </div>
      )}
      {switching.failure && <FailureNotice failure={switching.failure} />}
      {known?.asksPolicy && (
        <>
          <div>
            A token for the subject of “Try it”
            {canIssue ? `: ${who}.` : '. Name an id, and a group or a scope, there first.'}
          </div>
          <div className={classes.bar}>
            <Button disabled={!canIssue} loading={issuing.isBusy} onClick={() => void issuing.run(issue)}>
              Make a token
            </Button>
            <Button component="a" href={href('policy', 'try')}>
              Open “Try it”
            </Button>
          </div>
          {issuing.failure && <FailureNotice failure={issuing.failure} />}
          {issued && (
            <>
              <SecretField name="Token: the password, with the subject's id as user name" secret={issued.token} />
              <div className={classes.dim}>
                Until {dateTime(issued.expiresAt)}. It opens nothing but the practice broker of this console.
              </div>
            </>
          )}
        </>
      )}
    </Panel>
  );
}

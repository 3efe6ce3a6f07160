import { Button } from '@mantine/core';
import { IconUserCheck, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../../ui/ConfirmDialog.tsx';
import { Panel } from '../../../../ui/Panel.tsx';
import { SnapshotView } from '../../../../ui/SnapshotView.tsx';
import { date } from '../../../../ui/time.ts';
import classes from './ApproversPanel.module.css';
import { EnrolApprover } from './EnrolApprover.tsx';

/** Who may agree to other people's campaigns, and what that is good for. */
export function ApproversPanel() {
  const { client, campaigns } = useConsole();
  const { approvers, refresh } = useStore(campaigns);
  const [isEnrolling, setEnrolling] = useState(false);
  const [removed, setRemoved] = useState<string | null>(null);
  return (
    <Panel
      title="Approvers"
      actions={
        <Button leftSection={<IconUserPlus size={20} aria-hidden />} onClick={() => setEnrolling(true)}>
          Enrol an approver…
        </Button>
      }
    >
      <div>
        An approver keeps one person from rotating many plants alone by mistake; since everybody opens this vault with
        the same passphrase, it does not stop somebody who enrols an approver of their own, but every enrolment and
        every approval stays in the audit trail.
      </div>
      <SnapshotView snapshot={approvers} onRetry={() => void refresh()}>
        {(enrolled) =>
          enrolled.length === 0 ? (
            <div className={classes.none}>Nobody is enrolled.</div>
          ) : (
            <ul className={classes.list} aria-label="Approvers">
              {enrolled.map(({ name, createdAt }) => (
                <li key={name} className={classes.line} aria-label={name}>
                  <IconUserCheck size={22} aria-hidden />
                  <span className={classes.name}>{name}</span>
                  <span className={classes.since}>since {date(createdAt)}</span>
                  <Button onClick={() => setRemoved(name)}>
                    Remove…<span className="visually-hidden"> {name}</span>
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </SnapshotView>
      {isEnrolling && <EnrolApprover onClose={() => setEnrolling(false)} />}
      {removed !== null && (
        <ConfirmDialog
          title={`Remove ${removed}`}
          action="Remove"
          onConfirm={() => client.campaigns.removeApprover({ name: removed })}
          onClose={() => setRemoved(null)}
        >
          <div>
            {removed} may not agree to any campaign any more. What was approved before stays approved, and in the audit
            trail.
          </div>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

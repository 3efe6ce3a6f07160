import { Button } from '@mantine/core';
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Failure } from '../failure.ts';
import classes from './Notice.module.css';

type NoticeTone = 'info' | 'attention' | 'fault';

const symbols = { info: IconInfoCircle, attention: IconAlertTriangle, fault: IconAlertOctagon };

/** A sentence that the operator should not miss, with what can be done about it at the right. */
export function Notice({ tone, children, action }: { tone: NoticeTone; children: ReactNode; action?: ReactNode }) {
  const Sign = symbols[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'fault' ? 'alert' : 'status'}>
      <Sign size={24} aria-hidden className={classes.symbol} />
      <div className={classes.text}>{children}</div>
      {action}
    </div>
  );
}

/** What went wrong, with its code for a conversation with support. */
export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  return (
    <Notice tone="fault" action={onRetry && <Button onClick={onRetry}>Try again</Button>}>
      {failure.sentence} <span className={classes.code}>{failure.code}</span>
    </Notice>
  );
}

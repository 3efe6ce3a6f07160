import { IconAlertTriangleFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Recording } from '../../../../shared/model/recording.ts';
import { amount } from '../words.ts';
import classes from './Recordings.module.css';
import { lossWords } from './words.ts';

/** What is missing in a recording that has ended; a recording that misses something must not pass for a whole one. */
export function RecordingLosses({ recording }: { recording: Recording }) {
  const { ending, origin, dropped } = recording;
  if (ending === null) return null;
  const losses = lossWords(recording);
  if (losses?.length === 0) return <p className={classes.facts}>Nothing is missing that the console knows of.</p>;
  if (losses) return <Warning>Missing: {losses.join(', ')}.</Warning>;
  if (origin === 'imported') return <p className={classes.facts}>What is missing in it is not known.</p>;
  if (ending === 'cut')
    return <Warning>The console ended without warning: what is missing in it is not known.</Warning>;
  // Made before the other counts were kept.
  return dropped ? <Warning>Missing: {amount(dropped, 'message', 'messages')}, or more.</Warning> : null;
}

const Warning = ({ children }: { children: ReactNode }) => (
  <p className={classes.missing}>
    <IconAlertTriangleFilled size={16} aria-hidden />
    <span>{children}</span>
  </p>
);

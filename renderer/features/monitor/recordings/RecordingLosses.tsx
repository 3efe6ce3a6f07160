import { IconAlertTriangleFilled } from '@tabler/icons-react';
import type { Recording } from '../../../../shared/model/recording.ts';
import classes from './Recordings.module.css';
import { lossWords } from './words.ts';

/** What is missing in a recording that has ended; a recording that misses something must not pass for a whole one. */
export function RecordingLosses({ recording }: { recording: Recording }) {
  const { ending, origin, dropped } = recording;
  if (ending === null) return null;
  const losses = lossWords(recording);
  if (losses?.length === 0) return <p className={classes.facts}>Nothing is missing that the console knows of.</p>;
  if (losses) return <Missing words={losses.join(', ')} />;
  if (origin === 'imported') return <p className={classes.facts}>What is missing in it is not known.</p>;
  if (ending === 'cut')
    return <Missing words="it is not known what is missing, since the console ended without warning" />;
  // Made before the other counts were kept.
  return dropped ? <Missing words={`at least ${dropped} of the messages that were heard`} /> : null;
}

const Missing = ({ words }: { words: string }) => (
  <p className={classes.missing}>
    <IconAlertTriangleFilled size={16} aria-hidden /> Missing: {words}.
  </p>
);

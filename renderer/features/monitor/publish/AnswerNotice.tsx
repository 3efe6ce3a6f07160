import type { PublishAnswer, PublishOutcome } from '../../../../shared/model/publish.ts';
import { Notice } from '../../../ui/Notice.tsx';

/** What the broker said to a message, and what of it is proven. */
export function AnswerNotice({ answer }: { answer: PublishAnswer & Partial<Pick<PublishOutcome, 'heardBack'>> }) {
  const { result, words, reasonCode, heardBack } = answer;
  const proof =
    result !== 'refused' && heardBack === true
      ? ' The console heard it back: the broker let it through.'
      : result !== 'refused' && heardBack === false
        ? ' The console listens to this topic and did not hear it: the broker probably dropped it.'
        : '';
  const tone = result === 'refused' || heardBack === false ? 'fault' : 'info';
  return (
    <Notice tone={tone}>
      {words}
      {proof}
      {reasonCode !== null && ` Reason code 0x${reasonCode.toString(16).padStart(2, '0')}.`}
    </Notice>
  );
}

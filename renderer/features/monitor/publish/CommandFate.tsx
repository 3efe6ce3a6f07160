import type { CommandProgress } from '../../../../shared/model/publish.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { AnswerNotice } from './AnswerNotice.tsx';

const signatureWords = {
  valid: 'Its signature is right.',
  invalid: 'Its signature is WRONG: do not believe it.',
  absent: 'It is not signed.',
  unknown: 'Its signature could not be checked.',
} as const;

/** What became of a command, from the broker's answer to the plant's. */
export function CommandFate({ told, isBusy }: { told: readonly CommandProgress[]; isBusy: boolean }) {
  return (
    <section aria-label="What became of the command">
      {told.map((progress) => (
        <Step key={`${progress.state}/${JSON.stringify(progress)}`} progress={progress} />
      ))}
      {isBusy && told.length > 0 && <Notice tone="info">Waiting for the plant to acknowledge it.</Notice>}
    </section>
  );
}

function Step({ progress }: { progress: CommandProgress }) {
  switch (progress.state) {
    case 'published':
      return (
        <>
          <div className="mono">{progress.cmdId}</div>
          <AnswerNotice answer={progress.answer} />
        </>
      );
    case 'acknowledged': {
      const { status, detail, signature, afterMs } = progress;
      return (
        <Notice tone={signature === 'invalid' ? 'fault' : 'info'}>
          Acknowledged after {afterMs} ms: {visibleText(status)}
          {detail !== null && ` (${visibleText(detail)})`}. {signatureWords[signature]}
        </Notice>
      );
    }
    case 'silent':
      return <Notice tone="attention">The plant did not acknowledge it within {progress.seconds} seconds.</Notice>;
  }
}

import type { CommandProgress } from '../../../../shared/model/publish.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { AnswerNotice } from './AnswerNotice.tsx';
import { InSight } from './InSight.tsx';

const signatureWords = {
  valid: 'Signature valid.',
  invalid: 'Signature invalid.',
  absent: 'Not signed.',
  unknown: 'Its signature could not be checked.',
} as const;

const outcomeWords = {
  accepted: 'The plant accepted the command',
  rejected: 'The plant rejected the command',
  unclear: 'The plant answered',
} as const;

/** What became of a command, from the broker's answer to the plant's. */
export function CommandFate({ told, isWaiting }: { told: readonly CommandProgress[]; isWaiting: boolean }) {
  // Of the doubtful ones the latest counts all before it.
  const shown = told.filter(({ state }, i) => state !== 'doubted' || told.findLastIndex(isDoubted) === i);
  return (
    <InSight label="What became of the command" words={`${JSON.stringify(shown)}${isWaiting}`}>
      {shown.map((progress) => (
        <Step key={progress.state} progress={progress} />
      ))}
      {isWaiting && told.length > 0 && <Notice tone="info">Waiting for the plant to acknowledge it.</Notice>}
    </InSight>
  );
}

const isDoubted = ({ state }: CommandProgress): boolean => state === 'doubted';

function Step({ progress }: { progress: CommandProgress }) {
  switch (progress.state) {
    case 'published':
      return (
        <>
          <AnswerNotice answer={progress.answer} />
          <div>
            cmdId <span className="mono">{progress.cmdId}</span>
          </div>
        </>
      );
    case 'acknowledged': {
      const { outcome, signature, afterMs } = progress;
      return (
        <Notice tone={outcome === 'accepted' ? 'info' : outcome === 'rejected' ? 'fault' : 'attention'}>
          {outcomeWords[outcome]} after {afterMs} ms: {wordsOf(progress)}. {signatureWords[signature]}
        </Notice>
      );
    }
    case 'doubted': {
      const { signature, count } = progress;
      return (
        <Notice tone="fault">
          {signatureWords[signature]} {count === 1 ? 'An acknowledgement' : `${count} acknowledgements`} came that
          anybody could have sent: {wordsOf(progress)}. Do not believe {count === 1 ? 'it' : 'them'}.
        </Notice>
      );
    }
    case 'silent': {
      const time = `${progress.seconds} ${progress.seconds === 1 ? 'second' : 'seconds'}`;
      return (
        <Notice tone="attention">
          {progress.heardAll
            ? `The plant did not acknowledge it within ${time}.`
            : `No acknowledgement was heard within ${time}, and the console was not connected all that time: the plant may have acknowledged it unheard.`}
        </Notice>
      );
    }
  }
}

const wordsOf = ({ status, detail }: { status: string; detail: string | null }): string =>
  visibleText(detail === null ? status : `${status} (${detail})`);

import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { copyForGood, copySecret } from './clipboard.ts';

type Answer = 'copied' | 'failed' | null;

const words = { copied: 'Copied', failed: 'Not allowed' } as const;

function AnswerSign({ answer }: { answer: Answer }) {
  if (answer === 'copied') return <IconCheck size={20} aria-hidden />;
  if (answer === 'failed') return <IconAlertTriangle size={20} aria-hidden />;
  return <IconCopy size={20} aria-hidden />;
}

function useCopy(copy: () => Promise<boolean>): { answer: Answer; onClick: () => void } {
  const [answer, setAnswer] = useState<Answer>(null);
  const run = async () => {
    setAnswer((await copy()) ? 'copied' : 'failed');
    window.setTimeout(() => setAnswer(null), 2500);
  };
  return { answer, onClick: () => void run() };
}

/** Copies a text that is shown beside it. `what` names it for those who do not see it. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { answer, onClick } = useCopy(() => copyForGood(text));
  const word = answer === null ? `Copy ${what}` : words[answer];
  return (
    <ActionIcon variant="subtle" aria-label={word} title={word} onClick={onClick}>
      <AnswerSign answer={answer} />
    </ActionIcon>
  );
}

/** Copies a secret, which leaves the clipboard again after a while. */
export function CopySecretButton({ secret, what }: { secret: string; what: string }) {
  const { answer, onClick } = useCopy(() => copySecret(secret));
  return (
    <Button onClick={onClick} leftSection={<AnswerSign answer={answer} />}>
      {answer === null ? 'Copy' : words[answer]}
      <span className="visually-hidden"> {what}</span>
    </Button>
  );
}

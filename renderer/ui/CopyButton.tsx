import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { copyForGood, copySecret } from './clipboard.ts';

/** Copies a text. A secret is taken off the clipboard again after a while. `what` names it for those who do not see it. */
export function CopyButton({ text, what, isSecret = false }: { text: string; what: string; isSecret?: boolean }) {
  const [answer, setAnswer] = useState<'copied' | 'failed' | null>(null);
  const copy = async () => {
    const isCopied = await (isSecret ? copySecret(text) : copyForGood(text));
    setAnswer(isCopied ? 'copied' : 'failed');
    window.setTimeout(() => setAnswer(null), 2500);
  };
  return (
    <Button
      variant="default"
      onClick={() => void copy()}
      leftSection={answer === 'copied' ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
    >
      {answer === 'copied' ? 'Copied' : answer === 'failed' ? 'Not allowed' : 'Copy'}
      <span className="visually-hidden"> {what}</span>
    </Button>
  );
}

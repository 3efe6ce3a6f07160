import { Button } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from './CopyButton.tsx';
import { secretClipboardMs } from './clipboard.ts';
import classes from './SecretField.module.css';

/** A secret, masked until it is asked for. A copy of it leaves the clipboard by itself. */
export function SecretField({ name, secret }: { name: string; secret: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <div>
      <div className={classes.head}>
        <span className={classes.name}>{name}</span>
        <Button
          aria-pressed={isShown}
          leftSection={isShown ? <IconEyeOff size={18} aria-hidden /> : <IconEye size={18} aria-hidden />}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
          <span className="visually-hidden"> {name}</span>
        </Button>
        <CopyButton
          text={secret}
          what={`${name}; the clipboard is emptied after ${secretClipboardMs / 1000} seconds`}
          isSecret
        />
      </div>
      <section aria-label={name} className={classes.secret} data-shown={isShown || undefined}>
        {isShown ? secret : '•'.repeat(24)}
      </section>
    </div>
  );
}

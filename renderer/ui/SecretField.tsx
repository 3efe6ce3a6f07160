import { Button } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { CopySecretButton } from './CopyButton.tsx';
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
        <CopySecretButton secret={secret} what={name} />
      </div>
      <section aria-label={name} className={classes.secret} data-shown={isShown || undefined}>
        {isShown ? secret : '•'.repeat(24)}
      </section>
    </div>
  );
}

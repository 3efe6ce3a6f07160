import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './StatusBadge.module.css';

/** normal: grey, as it should be. off: not in use. working: under way. attention: look soon. fault: look now. */
export type Tone = 'normal' | 'off' | 'working' | 'attention' | 'fault';

/** A state as a symbol and a word, so that it can be read without its colour. */
export function StatusBadge({ tone, icon: Sign, children }: { tone: Tone; icon: Icon; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <Sign size={18} stroke={2.2} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

/** What a state is shown as. */
export type StatusSign = { readonly tone: Tone; readonly icon: Icon; readonly word: string };

export function SignBadge({ sign: { tone, icon, word } }: { sign: StatusSign }) {
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}

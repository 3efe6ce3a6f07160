// Whether a plant is connected now. After a revocation this is what counts: a muted plant is not heard any more, but
// may still hold its session. What a broker cannot tell is unknown, never "not connected".

import { Button } from '@mantine/core';
import {
  type Icon,
  IconBan,
  IconHelpCircle,
  IconPlugConnected,
  IconPlugConnectedX,
  IconVolumeOff,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PlantPresence } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { dateTime } from '../../ui/time.ts';
import classes from './PresencePanel.module.css';

const everyMs = 5_000;

const signs: Record<PlantPresence['connected'], { icon: Icon; word: string }> = {
  yes: { icon: IconPlugConnected, word: 'Connected' },
  no: { icon: IconPlugConnectedX, word: 'Not connected' },
  unknown: { icon: IconHelpCircle, word: 'Unknown' },
};

/** The presence of the plant that is open, asked again as long as it is in sight. */
function usePresence(): PlantPresence | null {
  const { presence, refreshPresence } = useStore(useConsole().plantDetail);
  useEffect(() => {
    void refreshPresence();
    const timer = window.setInterval(() => void refreshPresence(), everyMs);
    return () => window.clearInterval(timer);
  }, [refreshPresence]);
  return readyValue(presence);
}

/** One line for the facts of a plant. */
export function PresenceFact() {
  const presence = usePresence();
  if (!presence) return <span>—</span>;
  const { connected, brokers, revokedAt } = presence;
  const { icon, word } = signs[connected];
  const tone: Tone = connected === 'unknown' ? 'off' : connected === 'yes' && revokedAt ? 'attention' : 'normal';
  const where = brokers.filter((broker) => broker.connected === 'yes').map(({ name }) => name);
  return (
    <span className={classes.presence}>
      <StatusBadge tone={tone} icon={icon}>
        {connected === 'yes' && revokedAt ? 'Still connected' : word}
      </StatusBadge>
      <span className={classes.where}>
        {where.length > 0 && `on ${where.join(', ')}`}
        {connected === 'unknown' && unknownWords(presence)}
      </span>
    </span>
  );
}

const unknownWords = ({ brokers }: PlantPresence): string =>
  brokers.length === 0
    ? 'there is no broker yet'
    : `${brokers
        .filter(({ connected }) => connected === 'unknown')
        .map(({ name }) => name)
        .join(', ')} cannot tell who is connected`;

/** What became of a plant that was revoked; nothing for any other. */
export function AfterRevocation() {
  const { plantDetail, brokers } = useConsole();
  const failure = useStore(plantDetail, ({ presence }) => (presence.status === 'failed' ? presence.failure : null));
  const behind = useStore(brokers, ({ list }) => readyValue(list))?.filter(({ pushPending }) => pushPending) ?? [];
  const presence = usePresence();
  if (failure) return <FailureNotice failure={failure} />;
  if (!presence?.revokedAt) return null;
  const { connected, revokedAt, heardAfterRevocation } = presence;
  const names = behind.map(({ name }) => name).join(', ');
  const push = (
    <Button component="a" href={href('brokers')} variant={behind.length > 0 ? 'filled' : 'default'}>
      Open Broker
    </Button>
  );
  const facts: { icon: Icon; words: string }[] = [
    { icon: IconBan, words: `Revoked on ${dateTime(revokedAt)}.` },
    {
      icon: IconVolumeOff,
      words: heardAfterRevocation
        ? 'It was heard after that: a broker does not know of the revocation yet, or does not obey it.'
        : names
          ? `Not muted everywhere yet: ${names} learns of it with the next push.`
          : 'Muted: no broker that was pushed passes its messages on. Nothing was heard from it since.',
    },
    { icon: signs[connected].icon, words: connectionWords[connected] },
  ];
  const tone = heardAfterRevocation ? 'fault' : connected === 'yes' || names ? 'attention' : 'info';
  return (
    <Notice tone={tone} action={(names || connected !== 'no' || heardAfterRevocation) && push}>
      <ul className={classes.facts} aria-label="After the revocation">
        {facts.map(({ icon: Sign, words }) => (
          <li key={words}>
            <Sign size={20} aria-hidden /> {words}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const connectionWords: Record<PlantPresence['connected'], string> = {
  yes: 'Still connected: its session goes on, although nobody hears it. A push that restarts the broker ends it.',
  no: 'Not connected any more.',
  unknown: 'Whether it is still connected is not known. A push that restarts the broker ends every session.',
};

import {
  IconAlertOctagon,
  IconClockExclamation,
  IconHelpCircle,
  IconRepeat,
  IconShieldCheck,
  IconShieldOff,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import type { PastMonitorMessage } from '../../../../shared/model/message-history.ts';
import type { MonitorMessage } from '../../../../shared/model/monitor.ts';
import { plantTopicSpace } from '../../../../shared/model/topics.ts';
import { SignBadge, type StatusSign } from '../../../ui/StatusBadge.tsx';
import { exactTimeOfDay } from '../../../ui/time.ts';
import { amount } from '../words.ts';
import classes from './Message.module.css';
import { PayloadView } from './PayloadView.tsx';
import { PropertiesView } from './PropertiesView.tsx';
import { ProtocolView } from './ProtocolView.tsx';
import { decodeBase64 } from './payload-text.ts';

const signatureSigns: Record<MonitorMessage['signature'], StatusSign> = {
  valid: { tone: 'normal', icon: IconShieldCheck, word: 'Signature valid' },
  invalid: { tone: 'fault', icon: IconAlertOctagon, word: 'Signature invalid' },
  absent: { tone: 'off', icon: IconShieldOff, word: 'Not signed' },
  unknown: { tone: 'off', icon: IconHelpCircle, word: 'Signature not checked' },
};

/** Of a message with a valid signature. One that is fresh is as it should be, and needs no sign. */
const replaySigns: Record<NonNullable<MonitorMessage['replay']>, StatusSign | null> = {
  fresh: null,
  repeated: { tone: 'fault', icon: IconRepeat, word: 'Sent before: replayed' },
  'too-old': {
    tone: 'attention',
    icon: IconClockExclamation,
    word: 'Its time is long past: replayed, or a wrong clock',
  },
  'too-new': { tone: 'attention', icon: IconClockExclamation, word: 'Its time is yet to come: a wrong clock' },
  unchecked: { tone: 'off', icon: IconHelpCircle, word: 'Replay not checked' },
};

/** One message in full. `count`: which one of its topic it is, where that is known. */
export function MessageView({
  topic,
  message,
  count,
}: {
  topic: string;
  message: Omit<PastMonitorMessage, 'messageId'>;
  count?: number;
}) {
  const bytes = useMemo(() => decodeBase64(message.payloadBase64), [message.payloadBase64]);
  const replaySign = message.replay && replaySigns[message.replay];
  // Elsewhere nobody signs by Voke's rules.
  const isOfPlant = message.signature !== 'unknown' || topic.startsWith(plantTopicSpace);
  const cut = message.payloadBytes - bytes.length;
  return (
    <>
      <div className={classes.signs}>
        {isOfPlant && <SignBadge sign={signatureSigns[message.signature]} />}
        {replaySign && <SignBadge sign={replaySign} />}
        <span className={classes.hidden}>
          {exactTimeOfDay(message.receivedAt)} · {amount(message.payloadBytes, 'byte', 'bytes')} · QoS {message.qos} ·{' '}
          {message.retained ? 'retained' : 'not retained'}
          {count !== undefined && ` · message ${count} of this topic`}
        </span>
      </div>
      {cut > 0 && (
        <p className={classes.hidden}>Only the beginning was kept: {amount(cut, 'byte is', 'bytes are')} missing.</p>
      )}
      {message.lacksProperties && (
        <p className={classes.hidden}>Its MQTT 5 properties were left out: they found no room.</p>
      )}
      {message.properties && <PropertiesView properties={message.properties} />}
      <ProtocolView topic={topic} bytes={bytes} isCut={cut > 0} />
      <PayloadView topic={topic} bytes={bytes} isCut={cut > 0} />
    </>
  );
}

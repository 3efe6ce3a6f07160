import { Button } from '@mantine/core';
import { IconAdjustments, IconBroadcast, IconCircleFilled, IconPlugX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { useAction } from '../../ui/use-action.ts';
import classes from './BrokerStrip.module.css';
import { connectionSigns } from './connection-signs.ts';
import { ListenSettings } from './ListenSettings.tsx';
import { useListenerName } from './use-listener-name.ts';
import { rateWords } from './words.ts';

/** All brokers with what the console hears and records of each; going from one to another loses nothing of either. */
export function BrokerStrip({ shown, brokers }: { shown: string; brokers: readonly Broker[] }) {
  return (
    <div className={classes.bar}>
      <section className={classes.strip} aria-label="Brokers">
        {brokers.map((broker) => (
          <BrokerLink key={broker.brokerId} broker={broker} isShown={broker.brokerId === shown} />
        ))}
      </section>
      <ListenButtons brokerId={shown} />
    </div>
  );
}

function BrokerLink({ broker: { brokerId, name }, isShown }: { broker: Broker; isShown: boolean }) {
  const { monitor: monitors, recordings } = useConsole();
  const monitor = useStore(monitors, (state) => state.monitors.find((one) => one.brokerId === brokerId));
  const isRecorded = useStore(recordings, ({ running }) => running.recordings.some((one) => one.brokerId === brokerId));
  const listener = useListenerName(brokerId);
  const { icon: Sign, tone, word } = connectionSigns[monitor?.connection.state ?? 'stopped'];
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isShown) link.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown]);
  return (
    <a ref={link} className={classes.broker} href={href('live', brokerId)} aria-current={isShown ? 'page' : undefined}>
      <Sign size={20} aria-hidden className={classes.sign} data-tone={tone} />
      <span className={classes.lines}>
        <span className={classes.first}>
          <span className={classes.name} title={name}>
            {name}
          </span>
          {isRecorded && (
            <span className={classes.recorded}>
              <IconCircleFilled size={14} aria-hidden className={classes.recordingSign} />
              Recording
            </span>
          )}
        </span>
        <span className={classes.word} data-tone={tone}>
          {word}
          {monitor?.connection.state === 'connected' && ` · ${rateWords(monitor.rate) || '0/s'}`}
          {monitor && ` · as ${listener ?? 'the console'}`}
        </span>
      </span>
    </a>
  );
}

/** Whether the console listens to the broker that is shown, and to what of it. */
function ListenButtons({ brokerId }: { brokerId: string }) {
  const { monitor } = useConsole();
  const isStopped = useStore(monitor, ({ connection }) => connection.state === 'stopped');
  const { connect, disconnect } = monitor.getState();
  const changing = useAction();
  const [isSetting, setSetting] = useState(false);
  return (
    <>
      <Button
        aria-label="How to listen: as whom, to what, how much to keep"
        title="How to listen: as whom, to what, how much to keep"
        className={classes.settings}
        onClick={() => setSetting(true)}
      >
        <IconAdjustments size={20} aria-hidden />
      </Button>
      <Button
        variant={isStopped ? 'filled' : 'default'}
        leftSection={isStopped ? <IconBroadcast size={20} aria-hidden /> : <IconPlugX size={20} aria-hidden />}
        loading={changing.isBusy}
        onClick={() => void changing.run(() => (isStopped ? connect() : disconnect()))}
      >
        {isStopped ? 'Connect' : 'Disconnect'}
      </Button>
      {isSetting && <ListenSettings brokerId={brokerId} onClose={() => setSetting(false)} />}
    </>
  );
}

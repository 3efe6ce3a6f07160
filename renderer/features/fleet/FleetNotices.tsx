import { Button } from '@mantine/core';
import { IconBroadcast, IconStethoscope } from '@tabler/icons-react';
import type { FleetBroker } from '../../../shared/model/fleet.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { Notice } from '../../ui/Notice.tsx';
import { timeOfDay } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { amount } from '../monitor/words.ts';

/** Brokers that nobody listens to: what is shown of their plants is old. */
export function Unheard({ brokers }: { brokers: readonly FleetBroker[] }) {
  const { fleet } = useConsole();
  const listening = useAction();
  const unheard = brokers.filter(({ connection }) => connection.state !== 'connected');
  if (unheard.length === 0) return null;
  const why = unheard
    .map(({ name, connection }) => (connection.reason ? `${name}: ${connection.reason}` : name))
    .join(' · ');
  return (
    <Notice
      tone="attention"
      action={
        <Button
          variant="filled"
          leftSection={<IconBroadcast size={20} aria-hidden />}
          loading={listening.isBusy}
          onClick={() => void listening.run(() => fleet.getState().listen())}
        >
          Listen
        </Button>
      }
    >
      The console does not hear {why}. What is shown of the plants there is what was known before.
    </Notice>
  );
}

/** Logins that a broker refused without naming anybody: one of the plants below may be behind each. */
export function Refusals({ brokers }: { brokers: readonly FleetBroker[] }) {
  return brokers.map(({ brokerId, name, refusals }) => {
    if (!refusals) return null;
    const { count, lastAt, addresses } = refusals;
    return (
      <Notice
        key={brokerId}
        tone="attention"
        action={
          <Button component="a" href={href('doctor')} leftSection={<IconStethoscope size={20} aria-hidden />}>
            Find out why
          </Button>
        }
      >
        {name} refused {amount(count, 'login', 'logins')} in the last 15 minutes and does not say whose: the last at{' '}
        {timeOfDay(lastAt)}
        {addresses.length > 0 && `, from ${addresses.join(', ')}`}.
      </Notice>
    );
  });
}

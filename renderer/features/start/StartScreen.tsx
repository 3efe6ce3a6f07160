import { Button } from '@mantine/core';
import { IconAlertOctagon, IconAlertTriangle, IconCircleCheck, IconTestPipe } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { plantStatuses } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import type { Snapshot } from '../../app/snapshot.ts';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { span, useNow } from '../../ui/time.ts';
import { CrlClock } from '../authority/CrlClock.tsx';
import { expiryWords, nextOutage } from '../authority/expiries/words.ts';
import { statusWords } from '../plants/words.tsx';
import { attentionItems } from './attention.ts';
import { type Known, startSteps } from './progress.ts';
import classes from './StartScreen.module.css';

/** The three snapshots as one: failed or waiting as soon as one of them is. */
function useKnown(): { known: Snapshot<Known>; retry: () => void } {
  const console = useConsole();
  const authority = useStore(console.authority, (state) => state.authority);
  const brokers = useStore(console.brokers, (state) => state.list);
  const plants = useStore(console.plants, (state) => state.register);
  const retry = () => {
    for (const store of [console.authority, console.brokers, console.plants]) void store.getState().refresh();
  };
  for (const part of [authority, brokers, plants]) if (part.status === 'failed') return { known: part, retry };
  if (authority.status !== 'ready' || brokers.status !== 'ready' || plants.status !== 'ready') {
    return { known: { status: 'waiting' }, retry };
  }
  const value = { authority: authority.value, brokers: brokers.value, plants: plants.value.items };
  return { known: { status: 'ready', value }, retry };
}

/** Where the operator stands: the way to the first telemetry at first, later only what asks for a look. */
export function StartScreen() {
  const { known, retry } = useKnown();
  return (
    <div className={layout.screen}>
      <SnapshotView snapshot={known} onRetry={retry}>
        {(value) => <Overview known={value} />}
      </SnapshotView>
    </div>
  );
}

function Overview({ known }: { known: Known }) {
  const steps = startSteps(known);
  const isFirstRun = steps.some(({ isDone }) => !isDone);
  return (
    <>
      <PageHeader
        title="Start"
        about={
          isFirstRun ? 'Five steps to the first telemetry of a plant.' : 'What needs you, and how the plants stand.'
        }
      />
      {isFirstRun && <Checklist known={known} />}
      {known.plants.length + known.brokers.length > 0 && (
        <div className={layout.columns}>
          <Attention known={known} />
          <Numbers known={known} />
        </div>
      )}
    </>
  );
}

function Checklist({ known }: { known: Known }) {
  const steps = startSteps(known);
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <div className={classes.first}>
      <ol className={classes.steps} aria-label="First steps">
        {steps.map(({ title, text, action, screen, isDone }, i) => (
          <li key={title} className={classes.step} data-state={isDone ? 'done' : i === next ? 'next' : 'later'}>
            <span className={classes.number} aria-hidden>
              {isDone ? <IconCircleCheck size={28} /> : i + 1}
            </span>
            <div className={classes.words}>
              <strong>
                {title}
                {isDone && <span className={classes.done}> done</span>}
              </strong>
              <span>{text}</span>
            </div>
            {i === next && (
              <Button variant="filled" component="a" href={href(screen)}>
                {action}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {next < 4 && (
        <aside className={classes.practice}>
          <IconTestPipe size={32} stroke={1.6} aria-hidden />
          <strong>No hardware at hand?</strong>
          <span>The practice plant goes all five steps by itself, with a broker and three controllers built in.</span>
          <Button component="a" href={href('practice')}>
            Open the practice plant
          </Button>
        </aside>
      )}
    </div>
  );
}

function Attention({ known }: { known: Known }) {
  const items = attentionItems(known, useNow(30_000));
  return (
    <Panel title="Needs attention">
      {items.length === 0 ? (
        <div>
          <StatusBadge tone="normal" icon={IconCircleCheck}>
            Nothing: all is as it should be
          </StatusBadge>
        </div>
      ) : (
        <ul className={classes.items}>
          {items.map((item) => (
            <li key={item.text}>
              <a className={classes.item} href={item.href} data-tone={item.tone}>
                {item.tone === 'fault' ? (
                  <IconAlertOctagon size={22} aria-label="Fault" />
                ) : (
                  <IconAlertTriangle size={22} aria-label="Attention" />
                )}
                {item.text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Numbers({ known, known: { authority, plants, brokers } }: { known: Known }) {
  const running = brokers.filter(({ state }) => state === 'running').length;
  return (
    <Panel title="At a glance">
      <dl className={layout.tiles}>
        {plantStatuses.map((status) => (
          <div key={status} className={classes.tile}>
            <dt>{statusWords[status]} plants</dt>
            <dd>{plants.filter((plant) => plant.status === status).length}</dd>
          </div>
        ))}
        {authority && <NextOutage known={known} />}
        <div className={classes.tile}>
          <dt>Brokers running</dt>
          <dd>
            {running} of {brokers.length}
          </dd>
        </div>
      </dl>
      {authority && <CrlClock crl={authority.crl} />}
    </Panel>
  );
}

/** How long it is until something ends that somebody needs. */
function NextOutage({ known }: { known: Known }) {
  const { expiries, refreshExpiries } = useStore(useConsole().authority);
  const now = useNow(60_000);
  // Whatever changed in the register may end at another time now.
  useEffect(() => {
    if (known) void refreshExpiries();
  }, [known, refreshExpiries]);
  const next = expiries.status === 'ready' ? nextOutage(expiries.value, now) : null;
  return (
    <div className={classes.tile}>
      <dt>Next outage unless renewed</dt>
      <dd>{next ? <a href={href('authority')}>{span(Date.parse(next.endsAt) - now)}</a> : '—'}</dd>
      {next && (
        <dd className={classes.of}>
          {expiryWords[next.kind]}: {next.name}
        </dd>
      )}
    </div>
  );
}

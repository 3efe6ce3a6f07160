import { IconAlertTriangle, IconCircleCheck, IconPencil, IconPlayerPause } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import classes from './Policy.module.css';
import { type Draft, isChanged } from './store.ts';

/** What lies on the workbench, and what holds meanwhile. */
export function DraftState({ draft }: { draft: Draft }) {
  const { versions, findings } = useStore(useConsole().policy);
  const active = readyValue(versions)?.find(({ isActive }) => isActive)?.version;
  const faults = readyValue(findings)?.faults.length ?? 0;
  const base = draft.base?.version;
  return (
    <span className={classes.state}>
      {isChanged(draft) ? (
        <StatusBadge tone="attention" icon={IconPencil}>
          {base === undefined ? 'Not saved yet' : `Version ${base}, changed and not saved`}
        </StatusBadge>
      ) : base === active ? (
        <StatusBadge tone="normal" icon={IconCircleCheck}>
          Version {base}, in force
        </StatusBadge>
      ) : (
        <StatusBadge tone="off" icon={IconPlayerPause}>
          Version {base}, not in force
        </StatusBadge>
      )}
      {faults > 0 && (
        <StatusBadge tone="fault" icon={IconAlertTriangle}>
          {faults === 1 ? '1 mistake' : `${faults} mistakes`}
        </StatusBadge>
      )}
      {active === undefined ? (
        <span>No rules are in force: everybody is denied.</span>
      ) : (
        (base !== active || isChanged(draft)) && <span>In force meanwhile: version {active}.</span>
      )}
    </span>
  );
}

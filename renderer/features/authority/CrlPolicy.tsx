import { Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { maxCrlDays } from '../../../shared/model/certificate.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { NumberField } from '../../ui/NumberField.tsx';

/** How long CRLs are good for, and how to change that. */
export function CrlPolicy({ nextUpdateDays }: { nextUpdateDays: number }) {
  const setCrlDays = useStore(useConsole().authority, (store) => store.setCrlDays);
  const [isAsking, setAsking] = useState(false);
  const [days, setDays] = useState<number | string>(nextUpdateDays);
  return (
    <>
      {nextUpdateDays} days <Button onClick={() => setAsking(true)}>Change…</Button>
      {isAsking && (
        <ConfirmDialog
          title="How long CRLs are good for"
          action="Publish anew"
          onConfirm={() => setCrlDays(Math.round(Number(days)))}
          onClose={() => setAsking(false)}
        >
          <div>
            A broker refuses every certificate once its list has ended, so a list must outlast the longest time between
            two visits. The lists are published anew with it; the next push brings them to the brokers.
          </div>
          <NumberField label="Days" min={1} max={maxCrlDays} value={days} onChange={setDays} />
        </ConfirmDialog>
      )}
    </>
  );
}

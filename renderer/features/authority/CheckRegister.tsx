import { Button, Stack } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { RegisterCheck } from '../../../shared/model/certificate-check.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Findings } from './Findings.tsx';

/** Holds every certificate and CRL of the vault against the checklist. */
export function CheckRegister() {
  const { client } = useConsole();
  const [check, setCheck] = useState<RegisterCheck | null>(null);
  const checking = useAction();
  return (
    <>
      {checking.failure && <FailureNotice failure={checking.failure} />}
      <Button
        leftSection={<IconListCheck size={18} aria-hidden />}
        loading={checking.isBusy}
        onClick={() => void checking.run(async () => setCheck(await client.authority.check()))}
      >
        Check all
      </Button>
      {check && (
        <Dialog onClose={() => setCheck(null)} title="Checklist" size="xl">
          <Stack>
            <Notice tone={check.faulty === 0 ? 'info' : 'attention'}>
              {check.faulty === 0
                ? `Nothing is wrong with any of ${check.checked} certificates and CRLs.`
                : `Something is to be said of ${check.faulty} of ${check.checked} certificates and CRLs.`}
            </Notice>
            {check.faults.map(({ kind, subject, serialNumber, findings }) => (
              <section key={`${kind} ${subject} ${serialNumber}`} aria-label={`${kind} ${subject}`}>
                <strong>{kind}</strong> <span className="mono">{subject}</span>
                <Findings findings={findings} label={`Checklist of ${kind} ${subject}`} />
              </section>
            ))}
          </Stack>
        </Dialog>
      )}
    </>
  );
}

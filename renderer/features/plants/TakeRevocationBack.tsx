import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { Plant } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';

/** Only while nobody outside the console can know of the revocation. */
export function TakeRevocationBack({ plant: { plantId } }: { plant: Plant }) {
  const { client, plantDetail } = useConsole();
  const undoing = useAction();
  const undo = async () => {
    await client.plants.takeRevocationBack({ plantId });
    await plantDetail.getState().refresh();
  };
  return (
    <>
      {undoing.failure && <FailureNotice failure={undoing.failure} />}
      <Notice
        tone="info"
        action={
          <Button
            leftSection={<IconArrowBackUp size={18} aria-hidden />}
            loading={undoing.isBusy}
            onClick={() => void undoing.run(undo)}
          >
            Take the revocation back
          </Button>
        }
      >
        Nobody outside this console knows of the revocation yet. With the next push, export or download of the CRL it
        stands for good.
      </Notice>
    </>
  );
}

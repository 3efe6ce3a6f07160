import { useState } from 'react';
import type { Plant } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { nothingSaid, RevocationFields, revocationWords } from './RevocationFields.tsx';

/** Revokes every credential of a plant; the brokers learn it with the next push. */
export function RevokePlant({ plant: { plantId, name }, onClose }: { plant: Plant; onClose: () => void }) {
  const { client, plantDetail } = useConsole();
  const [said, setSaid] = useState(nothingSaid);
  const revoke = async () => {
    await client.plants.revoke({ plantId, ...revocationWords(said) });
    await plantDetail.getState().refresh();
  };
  return (
    <ConfirmDialog title="Revoke this plant" word={name} action="Revoke" onConfirm={revoke} onClose={onClose}>
      <div>
        Every credential of this plant becomes void. <strong>A broker refuses it after the next push.</strong> Until the
        revocation leaves this console by a push, an export or a download, it can be taken back; after that only a new
        credential brings the plant back.
      </div>
      <RevocationFields said={said} onChange={setSaid} />
    </ConfirmDialog>
  );
}

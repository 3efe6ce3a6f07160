import { Select } from '@mantine/core';
import { useState } from 'react';
import { type PlantRevocationReason, plantRevocationReasons } from '../../../shared/model/certificate.ts';
import type { Plant } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';

export const reasonWords: Record<PlantRevocationReason, string> = {
  unspecified: 'Not said',
  keyCompromise: 'The secret may be known to others',
  affiliationChanged: 'The plant changed its owner',
  superseded: 'Replaced by another credential',
  cessationOfOperation: 'The plant was taken out of service',
  privilegeWithdrawn: 'The plant may no longer connect',
};

/** Revokes every credential of a plant; the brokers learn it with the next push. */
export function RevokePlant({ plant: { plantId, name }, onClose }: { plant: Plant; onClose: () => void }) {
  const { client, plantDetail } = useConsole();
  const [reason, setReason] = useState<PlantRevocationReason>('unspecified');
  const revoke = async () => {
    await client.plants.revoke({ plantId, reason });
    await plantDetail.getState().refresh();
  };
  return (
    <ConfirmDialog title="Revoke this plant" word={name} action="Revoke" onConfirm={revoke} onClose={onClose}>
      <div>
        Every credential of this plant becomes void, for good. <strong>A broker refuses it after the next push.</strong>{' '}
        To bring the plant back, provision it again.
      </div>
      <Select
        label="Reason"
        value={reason}
        onChange={(value) => setReason(plantRevocationReasons.find((known) => known === value) ?? 'unspecified')}
        data={plantRevocationReasons.map((value) => ({ value, label: reasonWords[value] }))}
      />
    </ConfirmDialog>
  );
}

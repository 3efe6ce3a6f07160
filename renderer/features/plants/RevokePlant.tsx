import { Select, TextInput } from '@mantine/core';
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
  const [since, setSince] = useState('');
  const isLost = reason === 'keyCompromise';
  const revoke = async () => {
    await client.plants.revoke({
      plantId,
      reason,
      ...(isLost && since !== '' && { invalidityDate: new Date(since).toISOString() }),
    });
    await plantDetail.getState().refresh();
  };
  return (
    <ConfirmDialog title="Revoke this plant" word={name} action="Revoke" onConfirm={revoke} onClose={onClose}>
      <div>
        Every credential of this plant becomes void. <strong>A broker refuses it after the next push.</strong> Until the
        revocation leaves this console by a push, an export or a download, it can be taken back; after that only a new
        credential brings the plant back.
      </div>
      <Select
        label="Reason"
        value={reason}
        onChange={(value) => setReason(plantRevocationReasons.find((known) => known === value) ?? 'unspecified')}
        data={plantRevocationReasons.map((value) => ({ value, label: reasonWords[value] }))}
      />
      {isLost && (
        <TextInput
          type="date"
          label="Since when the secret may be known"
          description="Stands in the CRL as the invalidity date; leave it empty when nobody knows"
          value={since}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}

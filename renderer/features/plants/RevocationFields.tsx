import { Select, TextInput } from '@mantine/core';
import { type PlantRevocationReason, plantRevocationReasons } from '../../../shared/model/certificate.ts';

/** What the operator says of a revocation; `since` is a day, or empty. */
export type RevocationSaid = { readonly reason: PlantRevocationReason; readonly since: string };
export const nothingSaid: RevocationSaid = { reason: 'unspecified', since: '' };

/** As the contract takes it: the day stands for a lost secret only. */
export const revocationWords = ({ reason, since }: RevocationSaid) => ({
  reason,
  ...(reason === 'keyCompromise' && since !== '' && { invalidityDate: new Date(since).toISOString() }),
});

const reasonWords: Record<PlantRevocationReason, string> = {
  unspecified: 'Not said',
  keyCompromise: 'The secret may be known to others',
  affiliationChanged: 'The plant changed its owner',
  superseded: 'Replaced by another credential',
  cessationOfOperation: 'The plant was taken out of service',
  privilegeWithdrawn: 'The plant may no longer connect',
};

export function RevocationFields({
  said,
  onChange,
}: {
  said: RevocationSaid;
  onChange: (said: RevocationSaid) => void;
}) {
  return (
    <>
      <Select
        label="Reason"
        value={said.reason}
        onChange={(value) =>
          onChange({ ...said, reason: plantRevocationReasons.find((known) => known === value) ?? 'unspecified' })
        }
        data={plantRevocationReasons.map((value) => ({ value, label: reasonWords[value] }))}
      />
      {said.reason === 'keyCompromise' && (
        <TextInput
          type="date"
          label="Since when the secret may be known"
          description="Stands in the CRL as the invalidity date; leave it empty when nobody knows"
          value={said.since}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => onChange({ ...said, since: event.currentTarget.value })}
        />
      )}
    </>
  );
}

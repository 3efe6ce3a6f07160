import { useState } from 'react';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { nothingSaid, RevocationFields, revocationWords } from '../plants/RevocationFields.tsx';

/** Of a certificate that has no plant. `revoke` does it, with what the operator says of it. */
export function RevokeCertificate({
  serialNumber,
  subject,
  revoke,
  onClose,
}: {
  serialNumber: string;
  subject: string;
  revoke: (words: ReturnType<typeof revocationWords>) => Promise<unknown>;
  onClose: () => void;
}) {
  const { authority } = useConsole();
  const [said, setSaid] = useState(nothingSaid);
  const confirm = async () => {
    await revoke(revocationWords(said));
    await authority.getState().refresh();
  };
  return (
    <ConfirmDialog
      title="Revoke this certificate"
      word={serialNumber.slice(-8)}
      action="Revoke"
      onConfirm={confirm}
      onClose={onClose}
    >
      <div>
        <span className="mono">{subject || serialNumber}</span> becomes void.{' '}
        <strong>A broker refuses it after the next push.</strong> Until the revocation leaves this console by a push, an
        export or a download, it can be taken back.
      </div>
      <RevocationFields said={said} onChange={setSaid} />
    </ConfirmDialog>
  );
}

// Plants in bulk: choose a file, see what it would do, import it whole or not at all.

import { Button, Checkbox, FileButton, Group, Stack } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type ImportPreview, maxImportedPlants, maxImportLength } from '../../../../shared/model/plant-import.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { KeyField, ValidityFields } from '../issue/CertificateFields.tsx';
import { complaintOf, inputOf, noWishes, type Wishes } from '../issue/wishes.ts';
import classes from './ImportPlants.module.css';
import { PreviewTable } from './PreviewTable.tsx';
import { readCsvFile } from './read-csv-file.ts';

const key = 'import:plants';

/** A job that is under way is found again when the dialog is opened. */
export function ImportPlants({ onClose }: { onClose: () => void }) {
  const { jobs } = useConsole();
  const job = useStore(jobs, (store) => store.jobs[key]);
  const dismiss = () => {
    jobs.getState().dismiss(key);
    if (job?.state === 'succeeded') onClose();
  };
  return (
    <Dialog onClose={onClose} title="Import plants from CSV" size={1000}>
      {job && <JobSteps job={job} done="Every plant of the file is registered" onDismiss={dismiss} />}
      {/* What was chosen is still there after a failure. */}
      <div hidden={job !== undefined}>
        <ChooseFile onClose={onClose} />
      </div>
    </Dialog>
  );
}

type ChosenFile = { readonly name: string; readonly csv: string; readonly preview: ImportPreview };

function ChooseFile({ onClose }: { onClose: () => void }) {
  const { client } = useConsole();
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  const [unreadable, setUnreadable] = useState('');
  const resetFile = useRef<() => void>(null);
  const reading = useAction();
  const read = async (file: File | null) => {
    resetFile.current?.();
    if (!file) return;
    setChosen(null);
    setUnreadable('');
    if (file.size > 4 * maxImportLength) return setUnreadable('This file is too large for a list of plants.');
    try {
      const csv = await readCsvFile(file);
      await reading.run(async () =>
        setChosen({ name: file.name, csv, preview: await client.plants.previewImport({ csv }) }),
      );
    } catch (error) {
      setUnreadable(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Stack>
      <div>
        The first line names the columns: <span className="mono">name</span>, <span className="mono">site</span>,{' '}
        <span className="mono">auth method</span> (MTLS, PASSWORD or TOKEN) and <span className="mono">uuid</span>. Site
        and UUID may be left out or empty; a UUID is made then. At most {maxImportedPlants} plants in one file.
      </div>
      <Group>
        <FileButton
          accept=".csv,text/csv"
          resetRef={resetFile}
          onChange={(file) => void read(file)}
          inputProps={{ 'aria-label': 'CSV file' }}
        >
          {(props) => (
            <Button {...props} loading={reading.isBusy} leftSection={<IconFolderOpen size={20} aria-hidden />}>
              {chosen ? 'Choose another file…' : 'Choose a file…'}
            </Button>
          )}
        </FileButton>
        {chosen && <span className="mono">{chosen.name}</span>}
      </Group>
      {unreadable && <Notice tone="fault">{unreadable}</Notice>}
      {reading.failure && <FailureNotice failure={reading.failure} />}
      {chosen ? (
        <ImportForm chosen={chosen} onClose={onClose} />
      ) : (
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
        </Group>
      )}
    </Stack>
  );
}

function ImportForm({ chosen: { csv, preview }, onClose }: { chosen: ChosenFile; onClose: () => void }) {
  const { client, jobs, plants } = useConsole();
  const [isIssuing, setIssuing] = useState(false);
  const [wishes, setWishes] = useState<Wishes>(noWishes);
  const [complaint, setComplaint] = useState<string>();
  const starting = useAction();
  const { rows, faulty, ignoredColumns } = preview;
  const areCertificatesIssued = isIssuing && rows.some(({ authMethod }) => /mtls|certificate/i.test(authMethod ?? ''));
  const start = async () => {
    const { jobId } = await client.plants.import({ csv, ...(isIssuing && { issue: inputOf(wishes) }) });
    void jobs
      .getState()
      .follow(key, jobId)
      .then(() => plants.getState().refresh());
  };
  const submit = () => {
    const found = areCertificatesIssued ? complaintOf(wishes) : undefined;
    setComplaint(found);
    if (!found) void starting.run(start);
  };
  return (
    <>
      {faulty > 0 ? (
        <Notice tone="fault">
          {faulty} of {rows.length} lines cannot be imported, so nothing is. Correct them and choose the file again.
        </Notice>
      ) : (
        <Notice tone="info">{rows.length === 1 ? '1 plant' : `${rows.length} plants`} can be registered.</Notice>
      )}
      {ignoredColumns.length > 0 && (
        <Notice tone="attention">These columns are left out: {ignoredColumns.join(', ')}.</Notice>
      )}
      <PreviewTable rows={faulty > 0 ? rows.filter(({ faults }) => faults.length > 0) : rows} />
      {faulty === 0 && (
        <Checkbox
          size="md"
          label="Issue the first credentials too"
          description="They wait sealed in the vault until they are brought to the devices."
          checked={isIssuing}
          onChange={(event) => setIssuing(event.currentTarget.checked)}
        />
      )}
      {faulty === 0 && areCertificatesIssued && (
        <fieldset className={classes.certificate}>
          <legend className="visually-hidden">Certificates</legend>
          <KeyField wishes={wishes} onChange={setWishes} />
          <ValidityFields wishes={wishes} onChange={setWishes} />
        </fieldset>
      )}
      {complaint && <Notice tone="fault">{complaint}</Notice>}
      {starting.failure && <FailureNotice failure={starting.failure} />}
      <Group justify="flex-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" disabled={faulty > 0} loading={starting.isBusy} onClick={submit}>
          {faulty > 0 ? 'Import' : `Import ${rows.length === 1 ? '1 plant' : `${rows.length} plants`}`}
        </Button>
      </Group>
    </>
  );
}

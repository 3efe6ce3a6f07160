// The one time that the codes of bundles are on the screen: to be read from it at arm's length, printed, or copied.
// - The dialog cannot be closed by accident: no escape, no click outside, no cross; only "I have noted the codes".
// - Codes are in its owner's state and are forgotten with it. Code and stick shall not travel together.

import { Button, Group, Stack } from '@mantine/core';
import { IconDeviceFloppy, IconPrinter } from '@tabler/icons-react';
import type { ExportedBundle } from '../../../../shared/model/offline.ts';
import { CopyButton, CopySecretButton } from '../../../ui/CopyButton.tsx';
import { secretClipboardMs } from '../../../ui/clipboard.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import classes from './CodesDialog.module.css';
import { CodesSheet } from './CodesSheet.tsx';

export type Exported = { readonly bundles: readonly ExportedBundle[]; readonly file: File };

export function CodesDialog({ exported: { bundles, file }, onClose }: { exported: Exported; onClose: () => void }) {
  const isOne = bundles.length === 1;
  return (
    <Dialog title={isOne ? 'One-time code' : `One-time codes of ${bundles.length} devices`} size={820}>
      <Stack>
        <Notice tone="attention">
          <strong>{isOne ? 'This code is shown only now' : 'These codes are shown only now'}</strong> and kept nowhere.
          Whoever runs the file on the device types {isOne ? 'it' : 'its code'} there. Let it travel on another way than
          the stick. If it is lost, export again.
        </Notice>
        <ol className={classes.codes} aria-label="Codes">
          {bundles.map((bundle) => (
            <CodeOf key={bundle.bundleId} bundle={bundle} />
          ))}
        </ol>
        <div>
          <span className="mono">{file.name}</span> is saved{isOne ? '' : ' with a file for each device in it'}; put{' '}
          {isOne ? 'it' : 'the files'} on the stick. On {isOne ? 'the' : 'each'} device:{' '}
          <span className="mono">sh {isOne ? file.name : 'its-file.sh'}</span>
        </div>
        <Group justify="space-between">
          <Group>
            <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
              Print
            </Button>
            <Button leftSection={<IconDeviceFloppy size={20} aria-hidden />} onClick={() => saveFile(file, file.name)}>
              Save the file again
            </Button>
          </Group>
          <Button variant="filled" onClick={onClose}>
            {isOne ? 'I have noted the code' : 'I have noted the codes'}
          </Button>
        </Group>
      </Stack>
      <CodesSheet bundles={bundles} />
    </Dialog>
  );
}

function CodeOf({ bundle: { plantName, fileName, directory, code, sha256 } }: { bundle: ExportedBundle }) {
  return (
    <li className={classes.sheet} aria-label={plantName}>
      <div className={classes.head}>
        <strong className={classes.plant}>{plantName}</strong>
        <span>
          <span className="mono">{fileName}</span> installs into <span className="mono">{directory}</span>
        </span>
      </div>
      <div className={classes.body}>
        <span className={classes.code}>
          {[...code.matchAll(/[^-]+/g)].map(({ 0: group, index: at }) => (
            <span key={at}>{group}</span>
          ))}
        </span>
        <span title={`Leaves the clipboard after ${secretClipboardMs / 1000} seconds`}>
          <CopySecretButton secret={code} what={`the code of ${plantName}`} />
        </span>
      </div>
      <div className={classes.hash}>
        <span>SHA-256</span>
        <span className="mono">{sha256}</span>
        <CopyButton text={sha256} what={`SHA-256 of ${fileName}`} />
      </div>
    </li>
  );
}

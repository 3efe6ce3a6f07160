// The one time that the codes of bundles are on the screen: to be read from it at arm's length, or copied onto a sheet.
// - The dialog cannot be closed by accident: no escape, no click outside, no cross; only "I have noted the codes".
// - Codes are in its owner's state and are forgotten with it. Code and stick shall not travel together.

import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import type { ExportedBundle } from '../../../../shared/model/offline.ts';
import { CopySecretButton } from '../../../ui/CopyButton.tsx';
import { secretClipboardMs } from '../../../ui/clipboard.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import classes from './CodesDialog.module.css';

export type Exported = { readonly bundles: readonly ExportedBundle[]; readonly file: File };

export function CodesDialog({ exported: { bundles, file }, onClose }: { exported: Exported; onClose: () => void }) {
  const isOne = bundles.length === 1;
  return (
    <Modal
      opened
      onClose={() => {}}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      title={isOne ? 'One-time code' : `One-time codes of ${bundles.length} devices`}
      size={780}
    >
      <Stack>
        <Notice tone="attention">
          <strong>{isOne ? 'This code is shown once' : 'These codes are shown once'}</strong> and kept nowhere. Whoever
          runs the file on the device types it there. Take it on another way than the stick: the file is worthless
          without it. A copy leaves the clipboard after {secretClipboardMs / 1000} seconds.
        </Notice>
        <ol className={classes.codes} aria-label="Codes">
          {bundles.map(({ bundleId, plantName, fileName, directory, code }) => (
            <li key={bundleId} className={classes.sheet}>
              <div className={classes.head}>
                <strong className={classes.plant}>{plantName}</strong>
                <span className="mono">{fileName}</span>
              </div>
              <div className={classes.body}>
                <span className={classes.code}>
                  {[...code.matchAll(/[^-]+/g)].map(({ 0: group, index: at }) => (
                    <span key={at}>{group}</span>
                  ))}
                </span>
                <CopySecretButton secret={code} what={`the code of ${plantName}`} />
              </div>
              <div className={classes.where}>
                installs into <span className="mono">{directory}</span>
              </div>
            </li>
          ))}
        </ol>
        <div>
          <span className="mono">{file.name}</span> is saved{isOne ? '' : ' with a file for each device in it'}. On the
          device: <span className="mono">sh {isOne ? file.name : 'the file named above'}</span>
        </div>
        <Group justify="space-between">
          <Button leftSection={<IconDeviceFloppy size={20} aria-hidden />} onClick={() => saveFile(file, file.name)}>
            Save the file again
          </Button>
          <Button variant="filled" onClick={onClose}>
            {isOne ? 'I have noted the code' : 'I have noted the codes'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

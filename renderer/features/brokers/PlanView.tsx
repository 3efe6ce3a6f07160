import { Button, Table } from '@mantine/core';
import { type Icon, IconEqual, IconFileMinus, IconFilePlus, IconPencil, IconUser } from '@tabler/icons-react';
import type { PushPlan } from '../../../shared/model/broker.ts';
import type { Snapshot } from '../../app/snapshot.ts';
import { Notice } from '../../ui/Notice.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';

type Entry = PushPlan['files'][number];

const changeSigns: Record<Entry['change'], { tone: Tone; icon: Icon; word: string }> = {
  new: { tone: 'working', icon: IconFilePlus, word: 'New' },
  changed: { tone: 'working', icon: IconPencil, word: 'Changed' },
  same: { tone: 'off', icon: IconEqual, word: 'Same' },
  foreign: { tone: 'off', icon: IconUser, word: "Somebody else's" },
  removed: { tone: 'working', icon: IconFileMinus, word: 'Removed' },
};

const needWords: Record<Entry['needs'], string> = {
  nothing: 'nothing',
  reload: 'reload (SIGHUP); sessions stay',
  restart: 'restart; every plant is dropped for a moment',
};

/** What a push would change, file by file. */
export function PlanView({
  plan,
  onRetry,
  onClose,
}: {
  plan: Snapshot<PushPlan>;
  onRetry: () => void;
  onClose: () => void;
}) {
  return (
    <SnapshotView snapshot={plan} onRetry={onRetry}>
      {({ files, needs, notices }) => (
        <div>
          <Notice tone={needs === 'restart' ? 'attention' : 'info'} action={<Button onClick={onClose}>Close</Button>}>
            {files.every(({ change }) => change === 'same')
              ? 'Nothing would change: the broker has what the register says.'
              : `A push changes ${files.filter(({ change }) => change !== 'same').length} of ${files.length} files and needs: ${needWords[needs]}.`}
          </Notice>
          {notices.map((notice) => (
            <p key={notice}>{notice}</p>
          ))}
          <Table verticalSpacing={8} mt={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>File</Table.Th>
                <Table.Th>Change</Table.Th>
                <Table.Th>Needs</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {files.map(({ file, change, needs: fileNeeds }) => (
                <Table.Tr key={file}>
                  <Table.Td className="mono">{file}</Table.Td>
                  <Table.Td>
                    <StatusBadge tone={changeSigns[change].tone} icon={changeSigns[change].icon}>
                      {changeSigns[change].word}
                    </StatusBadge>
                  </Table.Td>
                  <Table.Td>{needWords[fileNeeds]}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </SnapshotView>
  );
}

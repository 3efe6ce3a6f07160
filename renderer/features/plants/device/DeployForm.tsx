import { Button, Checkbox, Group, SegmentedControl, Stack, Switch } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../../../shared/model/device.ts';
import { deviceFileModes, fileNamesOf } from '../../../../shared/model/device-files.ts';
import type { Plant } from '../../../../shared/model/plant.ts';
import { type OverrulableCheck, overrulableChecks, type PreflightCheck } from '../../../../shared/model/preflight.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import classes from '../../../ui/FileTable.module.css';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { useAction } from '../../../ui/use-action.ts';

const overruleWords: Record<OverrulableCheck, string> = {
  clock: 'Go on with this clock: it will be set right on the device',
  contents: 'Replace what is there now, although it is not of this plant',
};

/** What would be written, how it is proved, and the button that begins it. */
export function DeployForm({
  plant: { plantId, authMethod },
  device: { directory },
  checks,
  onStarted,
}: {
  plant: Plant;
  device: Device;
  checks: readonly PreflightCheck[];
  onStarted: (jobId: string) => void;
}) {
  const { client, plantDetail } = useConsole();
  const present = useStore(plantDetail, (detail) => readyValue(detail.deviceState))?.files ?? [];
  const [overruled, setOverruled] = useState<readonly OverrulableCheck[]>([]);
  const [isVerified, setVerified] = useState(true);
  const [seconds, setSeconds] = useState<number | string>(60);
  const [otherwise, setOtherwise] = useState<'keep' | 'rollBack'>('keep');
  const starting = useAction();

  const refused = checks.filter(({ verdict }) => verdict === 'refused').map(({ id }) => id);
  const offered = overrulableChecks.filter((check) => refused.includes(check));
  const isBlocked = refused.some((id) => !overruled.some((check) => check === id));
  const written = fileNamesOf[authMethod];
  const removed = present.map(({ name }) => name).filter((name) => !written.some((known) => known === name));
  const start = async () => {
    const verify = { seconds: Number(seconds), otherwise };
    const { jobId } = await client.plants.deploy({
      plantId,
      overrule: [...overruled],
      ...(isVerified && { verify }),
    });
    onStarted(jobId);
  };
  return (
    <Stack>
      <table className={classes.files}>
        <caption className="visually-hidden">What would be written</caption>
        <thead>
          <tr>
            <th scope="col">To {directory}</th>
            <th scope="col">Mode</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {written.map((name) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{deviceFileModes[name].toString(8).padStart(4, '0')}</td>
              <td>{present.some((file) => file.name === name) ? 'replaced' : 'new'}</td>
            </tr>
          ))}
          {removed.map((name) => (
            <tr key={name}>
              <td>{name}</td>
              <td />
              <td>removed</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Switch
        size="md"
        label="Wait until the plant speaks to the broker with it"
        checked={isVerified}
        onChange={(event) => setVerified(event.currentTarget.checked)}
      />
      {isVerified && (
        <Group align="flex-end">
          <NumberField label="Seconds to wait" min={1} max={3600} w={150} value={seconds} onChange={setSeconds} />
          <SegmentedControl
            aria-label="When it does not speak"
            value={otherwise}
            onChange={(value) => setOtherwise(value === 'rollBack' ? 'rollBack' : 'keep')}
            data={[
              { value: 'keep', label: 'Otherwise keep it' },
              { value: 'rollBack', label: 'Otherwise put back' },
            ]}
          />
        </Group>
      )}
      {offered.map((check) => (
        <Checkbox
          key={check}
          size="md"
          label={overruleWords[check]}
          checked={overruled.includes(check)}
          onChange={(event) =>
            setOverruled(
              event.currentTarget.checked ? [...overruled, check] : overruled.filter((other) => other !== check),
            )
          }
        />
      ))}
      {starting.failure && <FailureNotice failure={starting.failure} />}
      <Group justify="flex-end">
        <Button
          variant="filled"
          leftSection={<IconUpload size={20} aria-hidden />}
          disabled={isBlocked}
          loading={starting.isBusy}
          onClick={() => void starting.run(start)}
        >
          Deploy to the device
        </Button>
      </Group>
    </Stack>
  );
}

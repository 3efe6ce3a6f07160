import { TextInput } from '@mantine/core';
import { defaultDeviceDirectory } from '../../../../shared/model/device.ts';
import { Fold } from '../../../ui/Fold.tsx';
import { directoryError } from './directory.ts';

/** Where the files go on a device; seldom anything but what is stored of it. */
export function DirectoryField({ value, onChange }: { value: string; onChange: (directory: string) => void }) {
  const error = directoryError(value);
  return (
    <Fold title="Directory on the device" summary={value.trim() || 'as stored of it'} isForced={error !== null}>
      <TextInput
        label="Install into"
        description={`Left empty: what is stored of the device, otherwise ${defaultDeviceDirectory}`}
        placeholder={defaultDeviceDirectory}
        spellCheck={false}
        autoComplete="off"
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Fold>
  );
}

// An authority that was run elsewhere: choose its folder or files, see what is in them, adopt it whole or not at all.

import { Button, type ButtonProps, FileButton, Group, PasswordInput, Stack } from '@mantine/core';
import { IconFiles, IconFolderOpen } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { AuthorityImportInput, AuthorityImportPreview } from '../../../../shared/model/authority-import.ts';
import { useConsole } from '../../../app/console-context.tsx';
import type { Failure } from '../../../failure.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { readFiles, sizeOf, tooLarge } from './chosen-files.ts';
import classes from './ImportAuthority.module.css';
import { ImportPreview } from './ImportPreview.tsx';

type Looked = { readonly input: AuthorityImportInput; readonly preview: AuthorityImportPreview };

/** React's types do not know the attribute that every browser has. */
const wholeFolder = { webkitdirectory: '' };

export function ImportAuthority() {
  const { client, authority } = useConsole();
  const refresh = useStore(authority, (store) => store.refresh);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [passphrase, setPassphrase] = useState('');
  const [looked, setLooked] = useState<Looked | null>(null);
  const looking = useAction();
  const importing = useAction();

  const forget = () => {
    setLooked(null);
    looking.clear();
    importing.clear();
  };
  const choose = (chosen: readonly File[]) => {
    forget();
    setFiles(chosen);
  };
  const refused = tooLarge(files);
  const look = async () => {
    const input = { files: await readFiles(files), ...(passphrase !== '' && { passphrase }) };
    setLooked({ input, preview: await client.authority.previewImport(input) });
  };
  const adopt = async ({ input }: Looked) => {
    await client.authority.import(input);
    await refresh();
  };

  return (
    <Panel title="Import an existing one">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setLooked(null);
          void looking.run(look);
        }}
      >
        <Stack>
          <div>
            The folder that the openssl scripts or easy-rsa left, with its register of what was issued and revoked; an
            export of XCA’s; or a PKCS#12. Its plants stay connected, what was revoked stays revoked. Only an empty
            vault takes an authority in.
          </div>
          <Group>
            <ChooseButton
              label="Folder of the authority"
              inputProps={wholeFolder}
              onChoose={choose}
              leftSection={<IconFolderOpen size={20} aria-hidden />}
            >
              Choose a folder…
            </ChooseButton>
            <ChooseButton
              label="Files of the authority"
              onChoose={choose}
              leftSection={<IconFiles size={20} aria-hidden />}
            >
              Choose files…
            </ChooseButton>
            {files.length > 0 && <span>{wordsOf(files)}</span>}
          </Group>
          {refused && <FailureNotice failure={refused} />}
          <PasswordInput
            size="md"
            label="Passphrase of the private key"
            description="Left empty when it has none."
            autoComplete="off"
            value={passphrase}
            onChange={(event) => {
              forget();
              setPassphrase(event.currentTarget.value);
            }}
          />
          {looking.failure && <Misfits failure={looking.failure} />}
          <Group>
            <Button type="submit" disabled={files.length === 0 || refused !== null} loading={looking.isBusy}>
              Look into it
            </Button>
          </Group>
        </Stack>
      </form>
      {looked && (
        <Stack className={classes.found}>
          <ImportPreview preview={looked.preview} />
          {importing.failure && <Misfits failure={importing.failure} />}
          <Group>
            <Button variant="filled" loading={importing.isBusy} onClick={() => void importing.run(() => adopt(looked))}>
              Import authority
            </Button>
          </Group>
        </Stack>
      )}
    </Panel>
  );
}

function ChooseButton({
  label,
  inputProps,
  onChoose,
  ...button
}: {
  label: string;
  inputProps?: typeof wholeFolder;
  onChoose: (files: readonly File[]) => void;
} & Pick<ButtonProps, 'leftSection' | 'children'>) {
  const reset = useRef<() => void>(null);
  return (
    <FileButton
      multiple
      resetRef={reset}
      onChange={(chosen) => {
        onChoose([...chosen]);
        reset.current?.();
      }}
      inputProps={{ 'aria-label': label, ...inputProps }}
    >
      {(props) => <Button {...props} {...button} />}
    </FileButton>
  );
}

/** What does not fit, file by file where there is more than one. */
function Misfits({ failure }: { failure: Failure }) {
  return (
    <>
      <FailureNotice failure={failure} />
      {failure.fields.length > 1 && (
        <ul className={classes.list} aria-label="What does not fit">
          {failure.fields.map(({ field, message }) => (
            <li key={`${field} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const wordsOf = (files: readonly File[]): string =>
  `${files.length === 1 ? '1 file' : `${files.length} files`}, ${Math.ceil(sizeOf(files) / 1024)} kB`;

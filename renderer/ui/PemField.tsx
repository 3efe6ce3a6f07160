// A key or a certificate, pasted or read from a file. What came from a file is named, not shown: a screen in a plant has
// many readers.

import { Button, FileButton, Input, Textarea } from '@mantine/core';
import { IconFileText, IconFolderOpen, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import classes from './PemField.module.css';

export type PemFieldProps = {
  readonly label: string;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  readonly value: string;
  readonly onChange: (pem: string) => void;
};

export function PemField({ label, description, error, value, onChange }: PemFieldProps) {
  const [fileName, setFileName] = useState('');
  const resetFile = useRef<() => void>(null);
  const id = useId();
  const isFromFile = fileName !== '' && value !== '';
  const read = async (file: File | null) => {
    resetFile.current?.();
    if (!file) return;
    const pem = await file.text();
    setFileName(file.name);
    onChange(pem);
  };
  const clear = () => {
    setFileName('');
    onChange('');
  };
  return (
    <Input.Wrapper id={id} size="md" label={label} description={description} error={error}>
      <div className={classes.field}>
        {isFromFile ? (
          <div className={classes.file}>
            <IconFileText size={22} aria-hidden />
            <span className={classes.name}>{fileName}</span>
            <Button leftSection={<IconTrash size={18} aria-hidden />} onClick={clear}>
              Take out
              <span className="visually-hidden"> {label}</span>
            </Button>
          </div>
        ) : (
          <Textarea
            id={id}
            size="md"
            rows={3}
            placeholder="-----BEGIN …"
            spellCheck={false}
            autoComplete="off"
            error={Boolean(error)}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        )}
        {!isFromFile && (
          <FileButton
            resetRef={resetFile}
            onChange={(file) => void read(file)}
            inputProps={{ 'aria-label': `${label}, from a file` }}
          >
            {(props) => (
              <Button {...props} leftSection={<IconFolderOpen size={18} aria-hidden />}>
                From a file…
                <span className="visually-hidden"> {label}</span>
              </Button>
            )}
          </FileButton>
        )}
      </div>
    </Input.Wrapper>
  );
}

import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './FilterRow.module.css';

/** What narrows a list or table down, above it. */
export const FilterRow = ({ children }: { children: ReactNode }) => <search className={classes.row}>{children}</search>;

/** The text that is searched for; it takes the room that a row of filters leaves. */
export function SearchField({
  label,
  placeholder = label,
  value,
  onChange,
}: {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (query: string) => void;
}) {
  return (
    <TextInput
      className={classes.search}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={20} aria-hidden />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

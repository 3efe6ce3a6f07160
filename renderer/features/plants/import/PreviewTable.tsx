import type { ImportRow } from '../../../../shared/model/plant-import.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from './PreviewTable.module.css';

const text = (value: string | null) => (
  <span className={classes.text} title={value ?? undefined}>
    {value ?? '—'}
  </span>
);

const fieldWords = { name: 'Name', site: 'Site', authMethod: 'Auth method', plantId: 'UUID' } as const;

const columns: readonly Column<ImportRow>[] = [
  { name: 'Line', width: '70px', cell: ({ line }) => line },
  { name: 'Name', width: 'minmax(120px, 1.2fr)', cell: ({ name }) => text(name) },
  { name: 'Site', width: 'minmax(80px, 0.8fr)', cell: ({ site }) => text(site) },
  { name: 'Method', width: '120px', cell: ({ authMethod }) => text(authMethod) },
  {
    name: 'UUID',
    width: 'minmax(120px, 1fr)',
    cell: ({ plantId, faults }) => text(plantId ?? (faults.length > 0 ? null : 'made for it')),
  },
  {
    name: 'Fault',
    width: 'minmax(160px, 1.6fr)',
    cell: ({ faults }) => (
      <span className={classes.fault} title={wordsOf(faults)}>
        {wordsOf(faults)}
      </span>
    ),
  },
];

const wordsOf = (faults: ImportRow['faults']): string =>
  faults.map(({ field, message }) => (field ? `${fieldWords[field]}: ${message}` : message)).join('; ');

/** The lines of a file as they would be imported, or why they would not. */
export function PreviewTable({ rows }: { rows: readonly ImportRow[] }) {
  return (
    <VirtualTable
      label="Lines of the file"
      rows={rows}
      columns={columns}
      keyOf={({ line }) => String(line)}
      maxHeight={300}
    />
  );
}

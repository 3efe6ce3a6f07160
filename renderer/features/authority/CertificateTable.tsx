import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx';

/** A list that may be a part of `total` only; `rest` says how to come to the others. */
export function CertificateTable<Row extends { readonly serialNumber: string }>({
  label,
  items,
  total,
  columns,
  rest,
}: {
  label: string;
  items: readonly Row[];
  total: number;
  columns: readonly Column<Row>[];
  rest: string;
}) {
  return (
    <>
      <VirtualTable
        label={label}
        rows={items}
        columns={columns}
        keyOf={({ serialNumber }) => serialNumber}
        maxHeight={480}
      />
      {items.length < total && (
        <p role="status">
          {items.length} of {total} are listed; {rest}.
        </p>
      )}
    </>
  );
}

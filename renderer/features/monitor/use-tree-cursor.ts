// Where the keyboard is in the tree. It stays with its row while others come above it; a row that is out of sight is
// known by its number only, and by its node as soon as it comes into sight.

import { useState } from 'react';
import type { TopicPicture, TopicRow } from '../../../shared/model/monitor.ts';

type Cursor = { readonly row: number; readonly nodeId: number | null };

export type TreeCursor = {
  readonly nodeId: number | null;
  readonly row: number;
  readonly at: TopicRow | undefined;
  moveTo(row: number): void;
};

export function useTreeCursor({ rows, firstRow, totalRows }: TopicPicture): TreeCursor {
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const byNode = cursor?.nodeId == null ? -1 : rows.findIndex(({ nodeId }) => nodeId === cursor.nodeId);
  const row = Math.min(byNode >= 0 ? firstRow + byNode : (cursor?.row ?? -1), totalRows - 1);
  const at = rows[row - firstRow];
  return {
    nodeId: at?.nodeId ?? null,
    row,
    at,
    moveTo: (wanted) => {
      const next = Math.max(0, Math.min(totalRows - 1, wanted));
      setCursor({ row: next, nodeId: rows[next - firstRow]?.nodeId ?? null });
    },
  };
}

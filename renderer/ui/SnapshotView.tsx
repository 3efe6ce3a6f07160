import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Snapshot } from '../app/snapshot.ts';
import { FailureNotice } from './Notice.tsx';

/** A snapshot as it stands: loading, the failure with "Try again", or its value. */
export function SnapshotView<T>({
  snapshot,
  onRetry,
  children,
}: {
  snapshot: Snapshot<T>;
  onRetry: () => void;
  children: (value: T) => ReactNode;
}) {
  switch (snapshot.status) {
    case 'waiting':
      return <Skeleton height={120} aria-label="Loading" role="status" />;
    case 'failed':
      return <FailureNotice failure={snapshot.failure} onRetry={onRetry} />;
    case 'ready':
      return children(snapshot.value);
  }
}

import { AclPanel } from '../acl/AclPanel.tsx';
import { ReadAclPanel } from '../acl/ReadAclPanel.tsx';
import type { Draft } from '../store.ts';
import { CelinePanel } from './CelinePanel.tsx';

/** The rules as files of a broker. */
export function BrokerTab({ draft }: { draft: Draft }) {
  return (
    <>
      <CelinePanel />
      <AclPanel draft={draft} />
      <ReadAclPanel />
    </>
  );
}

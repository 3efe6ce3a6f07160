import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconFileExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Authority } from '../../../shared/model/certificate.ts';
import { useConsole } from '../../app/console-context.tsx';
import { toFailure } from '../../failure.ts';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Fact, Facts, Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { date, dateTime } from '../../ui/time.ts';
import { CertificatesPanel } from './CertificatesPanel.tsx';
import { CreateAuthority } from './CreateAuthority.tsx';
import { CrlClock, RenewCrl } from './CrlClock.tsx';
import { CrlPolicy } from './CrlPolicy.tsx';
import { ExportSet } from './ExportSet.tsx';
import { ExpiriesPanel } from './expiries/ExpiriesPanel.tsx';
import { ImportAuthority } from './import/ImportAuthority.tsx';
import { RegisterPanel } from './RegisterPanel.tsx';
import { ChangeOfAuthority } from './rollover/ChangeOfAuthority.tsx';
import { LostAuthority } from './rollover/LostAuthority.tsx';
import { TokenKeysPanel } from './TokenKeysPanel.tsx';

/** The certificate authority of this vault, its CRL, and every certificate it issued. */
export function AuthorityScreen() {
  const { authority, refresh } = useStore(useConsole().authority);
  if (authority.status === 'failed' && authority.failure.code === 'authority/key-missing') {
    return (
      <div className={layout.screen}>
        <PageHeader title="Authority" about="The authority that issued is not in this vault any more." />
        <LostAuthority failure={authority.failure} onRetry={() => void refresh()} />
      </div>
    );
  }
  return (
    <div className={layout.screen}>
      <SnapshotView snapshot={authority} onRetry={() => void refresh()}>
        {(known) =>
          known ? (
            <OpenAuthority authority={known} />
          ) : (
            <>
              <PageHeader
                title="Authority"
                about="The certificate authority signs the broker's certificate and those of the plants. Its key never leaves the vault."
              />
              <CreateAuthority />
              <ImportAuthority />
            </>
          )
        }
      </SnapshotView>
    </div>
  );
}

function OpenAuthority({ authority }: { authority: Authority }) {
  const { certificateFile, crlFile } = useStore(useConsole().authority);
  const [isExporting, setExporting] = useState(false);
  const save = (file: Promise<File>, name: string) =>
    file.then(
      (content) => saveFile(content, name),
      (error) => notifications.show({ color: 'red', message: toFailure(error).sentence }),
    );
  return (
    <>
      <PageHeader title="Authority" about={<span className="mono">{authority.subject}</span>}>
        <Button
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => void save(certificateFile(), 'ca.crt')}
        >
          ca.crt
        </Button>
        <Button leftSection={<IconDownload size={18} aria-hidden />} onClick={() => void save(crlFile(), 'ca.crl')}>
          ca.crl
        </Button>
        <Button leftSection={<IconFileExport size={18} aria-hidden />} onClick={() => setExporting(true)}>
          Export…
        </Button>
      </PageHeader>
      <div className={layout.columns}>
        <Panel title="Root certificate">
          <Facts>
            <Fact name="Valid">
              {date(authority.notBefore)} to {date(authority.notAfter)}
            </Fact>
            <Fact name="Key">{authority.keyAlgorithm}</Fact>
            <Fact name="Serial number">
              <span className="mono">{authority.serialNumber}</span>
            </Fact>
            <Fact name="SHA-256">
              <Fingerprint value={authority.fingerprint} what="authority fingerprint" />
            </Fact>
          </Facts>
        </Panel>
        <Panel title="Revocation list (CRL)" actions={<RenewCrl />}>
          <CrlClock crl={authority.crl} />
          <Facts>
            <Fact name="Number">{authority.crl.number}</Fact>
            <Fact name="Revoked">{authority.crl.revokedCount}</Fact>
            <Fact name="Issued">{dateTime(authority.crl.thisUpdate)}</Fact>
            <Fact name="nextUpdate">{dateTime(authority.crl.nextUpdate)}</Fact>
            <Fact name="Good for">
              <CrlPolicy nextUpdateDays={authority.crl.nextUpdateDays} />
            </Fact>
          </Facts>
        </Panel>
      </div>
      <ExpiriesPanel />
      <ChangeOfAuthority />
      <TokenKeysPanel />
      <CertificatesPanel />
      <RegisterPanel />
      {isExporting && <ExportSet onClose={() => setExporting(false)} />}
    </>
  );
}

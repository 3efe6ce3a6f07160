import type { ExportedBundle } from '../../../../shared/model/offline.ts';
import { PrintSheet } from '../../../ui/PrintSheet.tsx';
import { dateTime } from '../../../ui/time.ts';
import classes from './CodesSheet.module.css';

/** The codes on paper, each with what is needed beside the device. */
export function CodesSheet({ bundles }: { bundles: readonly ExportedBundle[] }) {
  return (
    <PrintSheet>
      <h1 className={classes.title}>One-time codes</h1>
      <p className={classes.rule}>Keep apart from the stick. Destroy when the receipts are back.</p>
      {bundles.map(({ bundleId, plantId, plantName, fileName, directory, code, sha256, exportedAt }) => (
        <section key={bundleId} className={classes.bundle}>
          <h2 className={classes.plant}>{plantName}</h2>
          <div className={classes.code}>{code}</div>
          <dl className={classes.facts}>
            <dt>On the device</dt>
            <dd className="mono">sh {fileName}</dd>
            <dt>Installs into</dt>
            <dd className="mono">{directory}</dd>
            <dt>SHA-256</dt>
            <dd className="mono">{sha256}</dd>
            <dt>Plant</dt>
            <dd className="mono">{plantId}</dd>
            <dt>Exported</dt>
            <dd>{dateTime(exportedAt)}</dd>
          </dl>
        </section>
      ))}
    </PrintSheet>
  );
}

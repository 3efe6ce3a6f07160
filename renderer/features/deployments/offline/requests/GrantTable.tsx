import { useStore } from 'zustand';
import { deviceCertificateDefaults } from '../../../../../shared/model/certificate.ts';
import type { CertificateRequestView } from '../../../../../shared/model/offline.ts';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { readyValue } from '../../../../app/snapshot.ts';
import { date } from '../../../../ui/time.ts';
import classes from './GrantTable.module.css';

const day = 86_400_000;

const Name = ({ children }: { children: string }) => <span className={`mono ${classes.name}`}>{children}</span>;

/** What a request asks for beside what its certificate will hold. Only its key counts; the rest is a device's profile. */
export function GrantTable({ request, plant: { plantId } }: { request: CertificateRequestView; plant: Plant }) {
  const authorityEnd = useStore(useConsole().authority, ({ authority }) => readyValue(authority)?.notAfter ?? null);
  const { subject, keyAlgorithm, wishes } = request;
  const wanted = Date.now() + deviceCertificateDefaults.validityDays * day;
  const end = new Date(Math.min(wanted, authorityEnd === null ? wanted : Date.parse(authorityEnd)));
  const rows = [
    { what: 'Key', wish: keyAlgorithm, grant: 'this key' },
    { what: 'Subject', wish: <Name>{subject || 'none'}</Name>, grant: <Name>{`/CN=${plantId}`}</Name> },
    {
      what: 'Extensions',
      wish: wishes.join(', ') || 'none',
      grant: 'client authentication, no authority',
    },
    { what: 'Valid until', wish: 'a request cannot ask', grant: date(end.toISOString()) },
  ];
  return (
    <table className={classes.grants}>
      <caption className="visually-hidden">What the request asks for and what the certificate will hold</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">The request asks for</th>
          <th scope="col">The certificate will hold</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ what, wish, grant }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{wish}</td>
            <td>{grant}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import type { DeviceFile } from '../../shared/model/device.ts';
import classes from './FileTable.module.css';

/** Files on a device: their modes, and the beginnings of their hashes. */
export function FileTable({ caption, files }: { caption: string; files: readonly DeviceFile[] }) {
  return (
    <table className={classes.files}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Mode</th>
          <th scope="col">SHA-256</th>
        </tr>
      </thead>
      <tbody>
        {files.map(({ name, mode, sha256 }) => (
          <tr key={name}>
            <td>{name}</td>
            <td>{mode.toString(8).padStart(4, '0')}</td>
            <td title={sha256 ?? undefined}>{sha256 ? `${sha256.slice(0, 16)}…` : 'not readable'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { CopyButton } from './CopyButton.tsx';
import classes from './Fingerprint.module.css';

/** Splits a fingerprint for comparing by eye: four hex pairs or eight base64 characters a group. */
const groupsOf = (fingerprint: string): { text: string; at: number }[] =>
  [...fingerprint.matchAll(fingerprint.includes(':') ? /(?:[0-9A-F]{2}:?){1,4}/gi : /.{1,8}/g)].map(
    ({ 0: text, index: at }) => ({ text, at }),
  );

/** A fingerprint, grouped for comparing by eye; the copy is whole. */
export function Fingerprint({ value, prefix = '', what }: { value: string; prefix?: string; what: string }) {
  return (
    <div className={classes.fingerprint}>
      <span className={classes.groups}>
        {prefix && <span>{prefix}</span>}
        {groupsOf(value).map(({ text, at }) => (
          <span key={at}>{text}</span>
        ))}
      </span>
      <CopyButton text={prefix + value} what={what} />
    </div>
  );
}

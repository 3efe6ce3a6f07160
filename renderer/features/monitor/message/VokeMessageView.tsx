import type { ReactNode } from 'react';
import { bitsSet, type VokeMessage } from '../../../../shared/model/payload/voke-message.ts';
import { visibleText } from '../../../../shared/model/visible-text.ts';
import { dateTime, timeOfDay } from '../../../ui/time.ts';
import { keyed } from './keyed.ts';
import classes from './Message.module.css';

const words: Record<VokeMessage['kind'], string> = {
  telemetry: 'Snapshot',
  command: 'Command',
  ack: 'Acknowledgement',
  alarm: 'Alarm',
};

/** The largest that a Date can hold; a plant may send any number. */
const lastMoment = 8_640_000_000_000_000;
const moment = (ts: number): string => {
  if (Math.abs(ts) > lastMoment) return String(ts);
  const iso = new Date(ts).toISOString();
  return `${dateTime(iso).slice(0, 10)} ${timeOfDay(iso)}`;
};

const shown = (value: unknown): string =>
  visibleText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

export function VokeMessageView({ message }: { message: VokeMessage }) {
  return (
    <section className={classes.protocol} aria-label={words[message.kind]}>
      <h3>{words[message.kind]}</h3>
      {contentOf(message)}
    </section>
  );
}

function contentOf(voke: VokeMessage): ReactNode {
  switch (voke.kind) {
    case 'telemetry':
      return <Snapshot {...voke.message} />;
    case 'command': {
      const { type, cmdId, ts, p } = voke.message;
      return (
        <Facts facts={{ Type: type, 'Command id': cmdId, Sent: moment(ts), ...(p && { Parameters: shown(p) }) }} />
      );
    }
    case 'ack': {
      const { st, cmdId, ts, err, msg } = voke.message;
      return (
        <Facts
          facts={{
            State: shown(st),
            'Command id': cmdId,
            Sent: moment(ts),
            ...(err !== undefined && { Error: shown(err) }),
            ...(msg !== undefined && { Message: msg }),
          }}
        />
      );
    }
    case 'alarm': {
      const { ev, alarmId, code, sev, ts, msg, detail } = voke.message;
      return (
        <Facts
          facts={{
            Event: ev === 'RAISE' ? 'raised' : 'resolved',
            Code: shown(code),
            Severity: shown(sev),
            'Alarm id': shown(alarmId),
            Sent: moment(ts),
            ...(msg !== undefined && { Message: msg }),
            ...(detail !== undefined && { Detail: shown(detail) }),
          }}
        />
      );
    }
  }
}

type SnapshotMessage = Extract<VokeMessage, { kind: 'telemetry' }>['message'];

/** Of a snapshot: a browser that draws tens of thousands of values stands still. */
const mostDevices = 200;
const mostValues = 500;

/** A cabinet with its bits, another device with its values. */
function Snapshot({ ts, devices }: SnapshotMessage) {
  const { shownDevices, hiddenDevices, hiddenValues } = withinBounds(devices);
  return (
    <>
      <Facts facts={{ Measured: moment(ts), Devices: String(devices.length) }} />
      <ul className={classes.devices}>
        {keyed(shownDevices, ({ externalId }) => externalId).map(
          ({ key, entry: { externalId, type, raw, readings } }) => (
            <li key={key}>
              <strong>{visibleText(externalId)}</strong> <span className={classes.kind}>{type.toLowerCase()}</span>
              {raw !== undefined && <Bits mask={raw} />}
              {readings.map(([name, value]) => (
                <span key={name} className={classes.reading}>
                  {visibleText(name)} <b>{shown(value)}</b>
                </span>
              ))}
            </li>
          ),
        )}
      </ul>
      {hiddenDevices > 0 && <p className={classes.hidden}>{hiddenDevices} more devices are not shown.</p>}
      {hiddenValues > 0 && <p className={classes.hidden}>{hiddenValues} more values are not shown.</p>}
    </>
  );
}

function withinBounds(devices: SnapshotMessage['devices']) {
  let room = mostValues;
  let hiddenValues = 0;
  const shownDevices = devices.slice(0, mostDevices).map(({ externalId, type, raw, values = {} }) => {
    const all = Object.entries(values);
    const readings = all.slice(0, room);
    room -= readings.length;
    hiddenValues += all.length - readings.length;
    return { externalId, type, raw, readings };
  });
  return { shownDevices, hiddenDevices: devices.length - shownDevices.length, hiddenValues };
}

/** The names of the bits are not published: they are told by number, bit 0 the least significant. */
function Bits({ mask }: { mask: number }) {
  const set = bitsSet(mask);
  return (
    <span className={classes.bits} role="img" aria-label={set.length > 0 ? `bits ${set.join(', ')} set` : 'no bit set'}>
      {Array.from({ length: 32 }, (_, i) => 31 - i).map((bit) => (
        <span key={bit} className={classes.bit} data-set={set.includes(bit) || undefined} title={`bit ${bit}`}>
          {bit}
        </span>
      ))}
    </span>
  );
}

export function Facts({ facts }: { facts: Readonly<Record<string, string>> }) {
  return (
    <dl className={classes.list}>
      {Object.entries(facts).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { brokerListenersSchema, brokerTargetSchema } from '../../../shared/model/broker.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { isUniqueViolation } from '../failures.ts';
import type { BrokerRow, BrokerTable } from '../rows/brokers.ts';
import type { Sealer } from '../sealing.ts';
import { brokerSecrets } from './broker-secrets.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, parseColumn, updateRow } from './sql.ts';

const changeable = [
  'name',
  'target',
  'host',
  'subjectAltNames',
  'certificateSerialNumber',
  'lastPushedAt',
  'lastPushDigest',
  'crlNextUpdate',
  'hostKeys',
] as const;
const columns = [
  'brokerId',
  'profile',
  'ports',
  ...changeable,
  'createdAt',
] as const satisfies readonly (keyof BrokerRow)[];

type StoredBroker = Omit<BrokerRow, 'profile' | 'target' | 'subjectAltNames' | 'ports' | 'hostKeys'> & {
  profile: string;
  target: string;
  subjectAltNames: string;
  ports: string;
  hostKeys: string;
};

/** Which ports there are follows from the profile. */
const listenersSchema = (profile: string) =>
  z
    .unknown()
    .transform((ports) => ({ profile, ports }))
    .pipe(brokerListenersSchema);
const namesSchema = z.array(z.string());
const hostKeysSchema = z.record(z.string(), z.string());

const toRow = ({ profile, ports, ...stored }: StoredBroker): BrokerRow => ({
  ...stored,
  ...parseColumn(listenersSchema(profile), ports),
  target: parseColumn(brokerTargetSchema, stored.target),
  subjectAltNames: parseColumn(namesSchema, stored.subjectAltNames),
  hostKeys: parseColumn(hostKeysSchema, stored.hostKeys),
});

const toStored = (row: BrokerRow): StoredBroker => ({
  ...row,
  target: JSON.stringify(row.target),
  subjectAltNames: JSON.stringify(row.subjectAltNames),
  ports: JSON.stringify(row.ports),
  hostKeys: JSON.stringify(row.hostKeys),
});

/** The list is sorted by name. `update` throws `broker/not-found`, and `broker/exists` like `insert`. */
export function brokerTable(db: Database, sealer: Sealer): BrokerTable {
  const insert = db.prepare(insertInto('brokers', columns));
  const rows = sealedRows<StoredBroker>(db, sealer, 'brokers', columns);
  const byId = rows.select<[string]>('WHERE brokerId = ?');
  const byName = rows.select<[]>('ORDER BY name COLLATE NOCASE, brokerId');
  const update = db.prepare(updateRow('brokers', 'brokerId', changeable));
  const remove = db.prepare('DELETE FROM brokers WHERE brokerId = ?');

  const find = (brokerId: string): BrokerRow | undefined => {
    const stored = byId.get(brokerId);
    return stored && toRow(stored);
  };

  return {
    insert: (row) => keepingNamesApart(() => rows.write(row.brokerId, () => insert.run(toStored(row)))),
    get: find,
    list: () => byName.all().map(toRow),
    update: (brokerId, change) => {
      const row = find(brokerId);
      if (!row) throw new ConsoleError('broker/not-found');
      keepingNamesApart(() => rows.write(brokerId, () => update.run(toStored({ ...row, ...change }))));
    },
    delete: (brokerId) => {
      remove.run(brokerId);
    },
    ...brokerSecrets(db, sealer),
  };
}

function keepingNamesApart(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    throw isUniqueViolation(error) ? new ConsoleError('broker/exists', { cause: error }) : error;
  }
}

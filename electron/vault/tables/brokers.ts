import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { brokerTargetSchema, listenerPortsSchema } from '../../../shared/model/broker.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { isUniqueViolation } from '../failures.ts';
import type { BrokerRow, BrokerTable } from '../rows.ts';
import type { Sealer } from '../sealing.ts';
import { brokerSecrets } from './broker-secrets.ts';
import { insertInto, parseColumn, selectFrom, updateRow } from './sql.ts';

const changeable = [
  'name',
  'target',
  'host',
  'subjectAltNames',
  'ports',
  'certificateSerialNumber',
  'lastPushedAt',
  'lastPushDigest',
  'crlNextUpdate',
  'hostKeys',
] as const;
const columns = ['brokerId', 'profile', ...changeable, 'createdAt'] as const satisfies readonly (keyof BrokerRow)[];

type StoredBroker = Omit<BrokerRow, 'target' | 'subjectAltNames' | 'ports' | 'hostKeys'> & {
  target: string;
  subjectAltNames: string;
  ports: string;
  hostKeys: string;
};

const namesSchema = z.array(z.string());
const hostKeysSchema = z.record(z.string(), z.string());

const toRow = (stored: StoredBroker): BrokerRow => ({
  ...stored,
  target: parseColumn(brokerTargetSchema, stored.target),
  subjectAltNames: parseColumn(namesSchema, stored.subjectAltNames),
  ports: parseColumn(listenerPortsSchema, stored.ports),
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
  const get = db.prepare<[string], StoredBroker>(`${selectFrom('brokers', columns)} WHERE brokerId = ?`);
  const list = db.prepare<[], StoredBroker>(`${selectFrom('brokers', columns)} ORDER BY name COLLATE NOCASE, brokerId`);
  const update = db.prepare(updateRow('brokers', 'brokerId', changeable));
  const remove = db.prepare('DELETE FROM brokers WHERE brokerId = ?');

  const find = (brokerId: string): BrokerRow | undefined => {
    const stored = get.get(brokerId);
    return stored && toRow(stored);
  };

  return {
    insert: (row) => keepingNamesApart(() => insert.run(toStored(row))),
    get: find,
    list: () => list.all().map(toRow),
    update: (brokerId, change) => {
      const row = find(brokerId);
      if (!row) throw new ConsoleError('broker/not-found');
      keepingNamesApart(() => update.run(toStored({ ...row, ...change })));
    },
    delete: (brokerId) => {
      remove.run(brokerId);
    },
    ...brokerSecrets(db, sealer),
  };
}

function keepingNamesApart(write: () => void): void {
  try {
    write();
  } catch (error) {
    throw isUniqueViolation(error) ? new ConsoleError('broker/exists', { cause: error }) : error;
  }
}

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('what was dropped of a recording that was cut off or came from elsewhere is unknown, of the others it stays', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 21));
  const insert = db.prepare(`INSERT INTO recordings VALUES (?, 'n', ?, 'b', 'B', 's', ?, ?, 5, ?, 1, 9, 'ab', x'00')`);
  insert.run('whole', 'recorded', 'e', 'stopped', 3);
  insert.run('cut', 'recorded', 'e', 'cut', 0);
  insert.run('imported', 'imported', 'e', 'stopped', 0);
  insert.run('running', 'recorded', null, null, 0);
  migrate(db, migrations.slice(0, 22));
  const rows = db.prepare('SELECT recordingId, dropped, oversized, gaps, filters FROM recordings ORDER BY rowid').raw();
  expect(rows.all()).toEqual([
    ['whole', 3, null, null, null],
    ['cut', null, null, null, null],
    ['imported', null, null, null, null],
    ['running', 0, null, null, null],
  ]);
  expect(db.prepare(`SELECT * FROM recordings WHERE recordingId = 'whole'`).get()).toMatchObject({
    note: 'n',
    brokerId: 'b',
    brokerName: 'B',
    startedAt: 's',
    endedAt: 'e',
    ending: 'stopped',
    messages: 5,
    badLines: 1,
    bytes: 9,
    sha256: 'ab',
  });
  db.prepare(`UPDATE recordings SET ending = 'replaced' WHERE recordingId = 'whole'`).run();
  expect(() => db.prepare(`UPDATE recordings SET ending = 'lost' WHERE recordingId = 'whole'`).run()).toThrow(/CHECK/);
  db.close();
});

// What may happen to the key of an authority in a vault that is closed: nobody's seal tells of either.

import Database from 'better-sqlite3';

/** `unreadable`: a bad sector in the middle of the sealed key. `gone`: the whole row is not there any more. */
export type Loss = 'unreadable' | 'gone';

export function loseAuthorityKey(vaultPath: string, loss: Loss): void {
  const db = new Database(vaultPath);
  try {
    switch (loss) {
      case 'unreadable': {
        const select = db.prepare<[], { authorityId: string; privateKey: Buffer }>(
          `SELECT authorityId, privateKey FROM authorities WHERE state = 'current'`,
        );
        const { authorityId, privateKey } = select.get() ?? { authorityId: '', privateKey: Buffer.of() };
        const middle = privateKey.length >> 1;
        privateKey.writeUInt8(privateKey.readUInt8(middle) ^ 1, middle);
        db.prepare('UPDATE authorities SET privateKey = ? WHERE authorityId = ?').run(privateKey, authorityId);
        return;
      }
      case 'gone':
        db.pragma('foreign_keys = OFF');
        db.exec(`DELETE FROM authorities WHERE state = 'current'`);
    }
  } finally {
    db.close();
  }
}

// Before version 8 a device's login was its bare password or private key; what kind it was stood in `authentication`.

import type { Database } from 'better-sqlite3';
import type { DeviceSecret } from '../../shared/model/device.ts';
import type { Sealer } from './sealing.ts';

type OldDevice = {
  readonly plantId: string;
  readonly authentication: 'password' | 'privateKey' | 'agent';
  readonly loginSecret: Buffer | null;
};

/** Makes each login the JSON of a DeviceSecret. Seals no rows: whoever upgrades does that. */
export function wrapDeviceLogins(db: Database, sealer: Sealer): void {
  const devices = db.prepare<[], OldDevice>('SELECT plantId, authentication, loginSecret FROM devices').all();
  const write = db.prepare('UPDATE devices SET loginSecret = ? WHERE plantId = ?');
  for (const { plantId, authentication, loginSecret } of devices) {
    const place = { table: 'devices', row: plantId, column: 'loginSecret' };
    const secret = wrapped(authentication, loginSecret === null ? '' : sealer.open(place, loginSecret));
    write.run(sealer.seal(place, JSON.stringify(secret)), plantId);
  }
}

function wrapped(kind: OldDevice['authentication'], secret: string): DeviceSecret {
  switch (kind) {
    case 'password':
      return { login: { kind, password: secret } };
    case 'privateKey':
      return { login: { kind, privateKeyPem: secret } };
    case 'agent':
      return { login: { kind } };
  }
}

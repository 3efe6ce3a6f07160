// P-256 certificates under a P-256 authority: the authority's signature is all that cannot be left out. A thousand a
// second is enough where the machine signs faster than two thousand times.

import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createAuthority } from '../../../electron/authority/root.ts';
import { deviceIssuing } from '../issue/certificates.ts';
import { inFlight, perSecond, takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';

const enough = 1000;

export const ecUnderEc: BenchRow = {
  name: 'authority/ec-p256-under-ec-p256',
  unit: 'certificates/s',
  aim: 1,
  direction: 'more-is-better',
  async run() {
    const authority = await createAuthority({ keyAlgorithm: 'EC-P256', now: new Date() });
    const issue = deviceIssuing(authority, 'EC-P256');
    const key = createPrivateKey(authority.privateKeyPem);
    const toBeSigned = randomBytes(512);
    const signOne = () =>
      new Promise((resolve, reject) => {
        sign('sha256', toBeSigned, key, (error, signature) => (error ? reject(error) : resolve(signature)));
      });
    return takeTurns(
      9,
      () => perSecond(2000, inFlight, issue),
      async () => Math.min(enough, (await perSecond(4000, inFlight, signOne)) / 2),
    );
  },
};

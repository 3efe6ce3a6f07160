// The necessary work, and nothing else, in the same Node on the same thread pool:
// for RSA the key, which dwarfs the rest; for EC the key and one signature by the same authority key.

import { createPrivateKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { inFlight, perSecond, takeTurns } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { benchAuthority, deviceIssuing } from './certificates.ts';

const generate = promisify(generateKeyPair);

export const rsaAgainstKeyGeneration: BenchRow = {
  name: 'issue/rsa-2048-vs-keygen',
  unit: 'certificates/s',
  aim: 0.85,
  direction: 'more-is-better',
  async run() {
    const issue = deviceIssuing(await benchAuthority(), 'RSA-2048');
    return takeTurns(
      9,
      () => perSecond(80, inFlight, issue),
      () => perSecond(80, inFlight, () => generate('rsa', { modulusLength: 2048 })),
    );
  },
};

export const ecAgainstKeyAndSignature: BenchRow = {
  name: 'issue/ec-p256-vs-key-and-signature',
  unit: 'certificates/s',
  aim: 0.85,
  direction: 'more-is-better',
  async run() {
    const authority = await benchAuthority();
    const issue = deviceIssuing(authority, 'EC-P256');
    const key = createPrivateKey(authority.privateKeyPem);
    const toBeSigned = randomBytes(512); // as long as the signed part of such a certificate
    const necessary = async () => {
      await generate('ec', { namedCurve: 'prime256v1' });
      await new Promise((resolve, reject) => {
        sign('sha256', toBeSigned, key, (error, signature) => (error ? reject(error) : resolve(signature)));
      });
    };
    return takeTurns(
      15,
      () => perSecond(400, inFlight, issue),
      () => perSecond(400, inFlight, necessary),
    );
  },
};

// Certificates without a plant: those of an adopted authority with names of their own, those of brokers, and those that
// are known by their serial number only. Each can be revoked, and taken back until somebody else may know.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { inspectCrl } from '../../electron/authority/inspect.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { filesBelow, type SentFile, sentFile } from '../support/import-files.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { addLocalBroker, openVaultOf } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';

const lostSince = '2026-02-03T04:05:06.000Z';
const listedBy = async ({ client }: TestConsole) =>
  inspectCrl(await (await client.authority.crlFile()).text()).revokedSerialNumbers;
const bySubject = async ({ client }: TestConsole, subject: string) => {
  const { items } = await client.authority.listCertificates({});
  const found = items.find((one) => one.subject === subject);
  if (!found) throw new Error(`no certificate of ${subject}`);
  return found;
};

describeWith('openssl')('of an adopted authority', () => {
  const capitals = 'A1B2C3D6-0000-0000-0000-00000000000F';
  const plantId = 'a1b2c3d4-0000-0000-0000-000000000001';
  let pki: OpensslPki;
  let files: SentFile[];
  let console: TestConsole;

  beforeAll(async () => {
    pki = await OpensslPki.create();
    const own = (await filesBelow(pki.directory)).filter(({ name }) => ['ca.crt', 'ca.key'].includes(name));
    const issued = [await pki.issueDevice('plc-17'), await pki.issueDevice(capitals), await pki.issueDevice(plantId)];
    const server = await pki.issueServer();
    await pki.issueDevice('nobody has it');
    const index = (await filesBelow(pki.directory)).filter(({ name }) => name === 'index.txt');
    const given = [...issued, server].map(({ certificatePem }, at) => sentFile(`devices/${at}.crt`, certificatePem));
    files = [...own, ...index, ...given];
  });
  afterAll(() => pki.remove());
  beforeEach(async () => {
    console = await startConsole();
    await console.client.vault.create({ passphrase });
    await console.client.authority.import({ files });
  });
  afterEach(() => console.dispose());

  it.each(['/CN=plc-17', `/CN=${capitals}`, '/CN=localhost'])(
    '%s is revoked by itself, and taken back',
    async (name) => {
      const { client } = console;
      const { serialNumber, state } = await bySubject(console, name);
      const revoked = await client.authority.revokeCertificate({
        serialNumber,
        reason: 'keyCompromise',
        invalidityDate: lostSince,
      });
      expect(revoked).toMatchObject({ state: 'revoked', revocationReason: 'keyCompromise', invalidityDate: lostSince });
      await expect(client.authority.revokeCertificate({ serialNumber })).rejects.toMatchObject({
        code: 'authority/registered-revoked',
      });
      expect(await client.authority.certificate({ serialNumber })).toMatchObject({ revocationIsOpen: true });
      const back = await client.authority.takeCertificateRevocationBack({ serialNumber });
      expect(back).toMatchObject({ state, revokedAt: null, invalidityDate: null });
      expect(await listedBy(console)).not.toContain(serialNumber);

      await client.authority.revokeCertificate({ serialNumber, reason: 'keyCompromise' });
      expect(await listedBy(console)).toContain(serialNumber);
      expect(await client.authority.certificate({ serialNumber })).toMatchObject({ revocationIsOpen: false });
      await expect(client.authority.takeCertificateRevocationBack({ serialNumber })).rejects.toMatchObject({
        code: 'authority/revocation-left',
      });
    },
  );

  it("a plant's is left to the plant, and an unknown one is told", async () => {
    const { client } = console;
    const { serialNumber } = await bySubject(console, `/CN=${plantId}`);
    await expect(client.authority.revokeCertificate({ serialNumber })).rejects.toMatchObject({
      code: 'authority/certificate-of-plant',
      data: { details: { plantId } },
    });
    await expect(client.authority.revokeCertificate({ serialNumber: 'ff' })).rejects.toMatchObject({
      code: 'authority/certificate-not-found',
    });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const other = await bySubject(console, '/CN=plc-17');
    await expect(
      client.authority.revokeCertificate({ serialNumber: other.serialNumber, invalidityDate: tomorrow }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('one that is known by its serial number only is taken back too, and says since when its key was lost', async () => {
    const { client } = console;
    const sought = { query: 'nobody has it' };
    const [entry] = (await client.authority.listRegister(sought)).items;
    const serialNumber = entry?.serialNumber ?? '';
    await client.authority.revokeRegistered({ serialNumber, reason: 'keyCompromise', invalidityDate: lostSince });
    expect((await client.authority.listRegister(sought)).items).toMatchObject([
      { state: 'revoked', invalidityDate: lostSince, revocationIsOpen: true },
    ]);
    await client.authority.takeRegisteredRevocationBack({ serialNumber });
    expect((await client.authority.listRegister(sought)).items).toEqual([entry]);
    expect(await listedBy(console)).not.toContain(serialNumber);
    await client.authority.revokeRegistered({ serialNumber });
    expect(await listedBy(console)).toContain(serialNumber);
    await expect(client.authority.takeRegisteredRevocationBack({ serialNumber })).rejects.toMatchObject({
      code: 'authority/revocation-left',
    });
  });
});

it("a broker gets another certificate when its own was revoked, and the old one's return does not bring it back", async () => {
  const console = await startCommissioned();
  try {
    const { client } = console;
    const brokerId = await addLocalBroker(console);
    await client.brokers.files({ brokerId });
    const { serialNumber } = await bySubject(console, '/CN=localhost');
    await client.authority.revokeCertificate({ serialNumber, reason: 'keyCompromise' });
    await client.brokers.plan({ brokerId });
    const back = await client.authority.takeCertificateRevocationBack({ serialNumber });
    expect(back.state).toBe('superseded');
    await console.core.close();
    const { file, vault } = await openVaultOf(console.dataDirectory);
    expect(vault.brokers.get(brokerId)?.certificateSerialNumber).not.toBe(serialNumber);
    file.close();
  } finally {
    await console.dispose();
  }
});

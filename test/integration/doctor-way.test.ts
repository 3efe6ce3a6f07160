// Names, ports, TLS and certificates: the fault is made on a real Mosquitto, and the doctor must name it first. The rows of the onboarding documents'
// troubleshooting tables are among them.

import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { IssuedLeaf } from '../../electron/authority/leaf.ts';
import type { CreatedAuthority } from '../../electron/authority/root.ts';
import type { Patient } from '../../electron/broker/doctor/patient.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { doctorsOf, expectCause, factsOf, plantClient, stateOf } from '../support/doctor-answers.ts';
import {
  crlOf,
  type DoctorBroker,
  DoctorScene,
  daysAgo,
  issue,
  newAuthority,
  plantId,
  serverProfile,
} from '../support/doctor-scene.ts';
import { freePort, run, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

describeWith(
  'mosquitto',
  'gcc',
  'openssl',
  'python3',
)('the connection doctor, on the way to a session', () => {
  let scene: DoctorScene;
  /** Nothing is wrong with it. */
  let broker: DoctorBroker;
  /** It stands on the broker's CRL. */
  let revoked: IssuedLeaf;
  let strange: IssuedLeaf;

  beforeAll(async () => {
    scene = await DoctorScene.create();
    revoked = await issue(scene.authority, { kind: 'device', plantId });
    strange = await issue(await newAuthority('/O=Test/CN=Strange Root'), { kind: 'device', plantId });
    broker = await scene.startBroker({ crlPem: await scene.crl([revoked]) }, { untilTestEnds: false });
  });

  afterAll(async () => {
    await scene.stop(broker);
    await scene.dispose();
  });

  const { inFull, fromOutside } = doctorsOf(() => scene);

  test('a wrong port: closed, that of a listener without TLS, and TLS where the client speaks without', async () => {
    const closed = { ...scene.certificatePatient(broker), port: await freePort() };
    expectCause(
      await inFull(closed, broker),
      'tcp',
      'tcp/wrong-port',
      new RegExp(`${broker.ports.mtls} \\(certificates\\)`),
    );
    expect(factsOf(await inFull(closed, broker))).toEqual(
      expect.arrayContaining([
        `127.0.0.1: port ${closed.port}: ECONNREFUSED`,
        `Port ${broker.ports.mtls} (certificates): open`,
      ]),
    );

    const port = await freePort();
    const plain = await startServer(programPath('mosquitto'), ['-p', String(port)], port);
    onTestFinished(plain.stop);
    expectCause(await inFull({ ...scene.certificatePatient(broker), port }, broker), 'tls', 'tls/port-is-plain');

    const { tls: _, ...withoutTls } = scene.passwordPatient(broker);
    expectCause(await inFull(withoutTls, broker), 'connect', 'tls/port-is-tls');
  });

  test('a client certificate by another authority, and one whose authority the broker has no CRL of', async () => {
    expectCause(
      await inFull(scene.certificatePatient(broker, strange), broker),
      'tls',
      'client/other-ca',
      /Strange Root/,
    );
    expectCause(await fromOutside(scene.certificatePatient(broker, strange), broker), 'tls', 'client/other-ca');
    const other = await newAuthority('/O=Test/CN=Another Root');
    const own = await scene.startBroker({ crlPem: await crlOf(other, [], daysAgo(0)) });
    expectCause(await inFull(scene.certificatePatient(own), own), 'tls', 'broker/crl-missing');
  });

  test('a broker without the plugin: its token listener is not there', async () => {
    const own = await scene.startBroker({ withoutPlugin: true });
    const found = await inFull(scene.tokenPatient(own), own, { isTokenPort: true });
    expectCause(found, 'tcp', 'tcp/token-listener-off', /certificates/);
  });

  test('a port that keeps silent, and a host on which no broker runs', async () => {
    const port = await freePort();
    const program = `import socket,time; s=socket.socket(); s.bind(('127.0.0.1',${port})); s.listen(0); time.sleep(600)`;
    const deaf = await startServer(programPath('python3'), ['-c', program], port);
    onTestFinished(deaf.stop);
    // A backlog that is full answers nobody, as a filter does.
    const fillers = await Promise.all([1, 2, 3].map(() => connectOrNot(port)));
    const found = await inFull({ ...scene.passwordPatient(broker), port }, broker);
    for (const filler of fillers) filler.destroy();
    expectCause(found, 'tcp', 'tcp/filtered');

    const nothing = { ...scene.passwordPatient(broker), port: await freePort() };
    expectCause(
      await inFull(nothing, broker, { otherPorts: [{ port: await freePort(), what: 'it' }] }),
      'tcp',
      'tcp/broker-down',
    );
  });

  test("a broker's certificate that has expired, is not valid yet, or only seems so by a clock that is behind", async () => {
    const [old, future] = await Promise.all([
      issue(scene.authority, serverProfile(), span(30, 2)),
      issue(scene.authority, serverProfile(), span(-10, -40)),
    ]);
    const expired = await scene.startBroker({ server: old });
    expectCause(await inFull(scene.passwordPatient(expired), expired), 'tls', 'tls/server-expired');
    const early = await scene.startBroker({ server: future });
    const patient = scene.passwordPatient(early);
    expectCause(await inFull(patient, early), 'tls', 'tls/server-not-yet-valid');
    expectCause(await inFull(patient, early, { latestKnown: daysAgo(-12) }), 'tls', 'tls/clock-behind');
  });

  test("a broker's certificate that is revoked, which its clients do not notice", async () => {
    const server = await issue(scene.authority, serverProfile());
    const own = await scene.startBroker({ server });
    const found = await inFull(scene.passwordPatient(own), own, {
      isRevoked: (serialNumber) => serialNumber === server.serialNumber,
    });
    expectCause(found, 'tls', 'tls/server-revoked');
    expect(stateOf(found, 'receive')).toBe('passed');
  });

  test('a CRL that has expired, or is of tomorrow: the broker refuses everybody', async () => {
    const own = await scene.startBroker({ crlPem: await scene.crl([], daysAgo(40), 10) });
    expectCause(await inFull(scene.certificatePatient(own), own), 'tls', 'broker/crl-expired', /it ended on/);
    expectCause(await fromOutside(scene.certificatePatient(own), own), 'tls', 'broker/crl-expired');
    const early = await scene.startBroker({ crlPem: await scene.crl([], daysAgo(-10)) });
    expectCause(await inFull(scene.certificatePatient(early), early), 'tls', 'broker/crl-not-yet-valid');
  });

  test('a broker that is stopped answers nothing any more', async () => {
    const own = await scene.startBroker();
    own.server.signal('SIGSTOP');
    const found = await fromOutside(scene.passwordPatient(own), own);
    own.server.signal('SIGCONT');
    expectCause(found, 'tls', 'tls/silent');
  });

  test('a listener that takes no more connections', async () => {
    const own = await scene.startBroker({
      files: { 'mosquitto.conf': (text) => text.replace(/^(listener .*)$/gm, '$1\nmax_connections 1') },
    });
    await plantClient(scene, own);
    const found = await inFull(scene.passwordPatient(own), own);
    expectCause(found, 'tls', 'broker/connection-limit');
    expect(factsOf(found).join('\n')).toContain('max_connections exceeded');
  });

  test('a port on which something else listens', async () => {
    const port = await freePort();
    const web = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => void web.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => closeServer(web));
    expectCause(await inFull({ ...scene.passwordPatient(broker), port }, broker), 'tls', 'tls/not-mqtt');
  });

  test('a broker that is reached over its host only, and a way there that is closed', async () => {
    const { ports } = broker;
    const patient = { ...scene.passwordPatient(broker), host: 'nowhere.example' };
    const found = await inFull({ ...patient, openStream: async () => connect(ports.password, '127.0.0.1') }, broker);
    expect(found.suspicions).toEqual([]);
    expect([stateOf(found, 'name'), stateOf(found, 'receive')]).toEqual(['notApplicable', 'passed']);
    const closed = async () => {
      throw new ConsoleError('remote/unreachable');
    };
    expectCause(await inFull({ ...patient, openStream: closed }, broker), 'tcp', 'tcp/way-closed');
  });

  // These share the broker with which nothing is wrong, and leave it as it is.

  test.concurrent('no CA certificate, a wrong one, and one with the same name', async () => {
    const patient = scene.passwordPatient(broker);
    const trusting = (authorityPem: string | undefined): Patient => ({
      ...patient,
      tls: { authorityPem, serverName: 'localhost' },
    });
    const [other, twin] = await Promise.all([newAuthority('/O=Test/CN=Other Root'), newAuthority()]);
    const missing = await inFull(trusting(undefined), broker);
    expectCause(missing, 'tls', 'tls/ca-missing', /Doctor Root/);
    expect(factsOf(missing)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Error code: (UNABLE_TO|SELF_SIGNED)/),
        expect.stringMatching(/^Broker's certificate: issuer: .*Doctor Root/),
        expect.stringMatching(/^Broker's certificate: valid: .* to /),
        'Name asked for: localhost',
      ]),
    );
    expectCause(await inFull(trusting(other.certificatePem), broker), 'tls', 'tls/ca-wrong', /Doctor Root.*Other Root/);
    expectCause(await inFull(trusting(twin.certificatePem), broker), 'tls', 'tls/ca-wrong', /keys differ/);
    expectCause(await inFull(trusting('not a certificate'), broker), 'tls', 'tls/ca-unreadable');
  });

  test.concurrent('a revoked certificate, and the same when its key is on the device alone', async () => {
    const patient = scene.certificatePatient(broker, revoked);
    const told = await inFull(patient, broker);
    expectCause(told, 'tls', 'client/revoked', new RegExp(revoked.serialNumber));
    expect(factsOf(told)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Broker's TLS alert: .*REVOKED/),
        `Client's certificate: serial number: ${revoked.serialNumber}`,
        expect.stringMatching(/^Broker's CRL: valid: /),
        expect.stringMatching(/^Broker's log: .*certificate verify failed/),
      ]),
    );
    expectCause(await fromOutside(patient, broker), 'tls', 'client/revoked', new RegExp(revoked.serialNumber));
    const { keyPem: _, ...identity } = patient.identity;
    const isRevoked = { isRevoked: (serialNumber: string) => serialNumber === revoked.serialNumber };
    const away = await inFull({ ...patient, identity: { ...identity, isSecretAway: true } }, broker, isRevoked);
    expectCause(away, 'connect', 'client/revoked');
  });

  test.concurrent('a name that nobody knows', async () => {
    const patient = { ...scene.passwordPatient(broker), host: 'no..such..host' };
    const found = await inFull(patient, broker);
    expectCause(found, 'name', 'name/unknown');
    expect(factsOf(found).join('\n')).toMatch(/Error code: E[A-Z]+/);
  });

  test.concurrent("a name that is not in the broker's certificate", async () => {
    const patient = scene.passwordPatient(broker);
    const tls = { authorityPem: scene.authority.certificatePem, serverName: 'broker.plant.example' };
    expectCause(
      await inFull({ ...patient, tls }, broker),
      'tls',
      'tls/name-mismatch',
      /broker\.plant\.example.*DNS:localhost/,
    );
  });

  test.concurrent('a client certificate that has expired, is not valid yet, or is not shown; a key of another one', async () => {
    const [old, future] = await Promise.all([
      issue(scene.authority, { kind: 'device', plantId }, span(30, 2)),
      issue(scene.authority, { kind: 'device', plantId }, span(-10, -40)),
    ]);
    expectCause(await inFull(scene.certificatePatient(broker, old), broker), 'tls', 'client/expired');
    expectCause(await inFull(scene.certificatePatient(broker, future), broker), 'tls', 'client/not-yet-valid');
    const patient = scene.certificatePatient(broker);
    expectCause(await inFull({ ...patient, identity: { clientId: 'doctor' } }, broker), 'tls', 'client/missing');
    const mixed = { ...patient.identity, keyPem: strange.privateKeyPem };
    expectCause(await inFull({ ...patient, identity: mixed }, broker), 'tls', 'client/key-mismatch');
  });

  test.concurrent('a client certificate that was made for a server, and one without a common name', async () => {
    const forServers = await issue(scene.authority, serverProfile());
    const refused = await inFull(scene.certificatePatient(broker, forServers), broker);
    expectCause(refused, 'tls', 'client/refused', /UNSUPPORTED_CERTIFICATE/);
    expect(factsOf(refused)).toEqual(expect.arrayContaining([expect.stringMatching(/^Broker's TLS alert: /)]));

    const nameless = await withoutCommonName(scene.authority);
    const patient = scene.certificatePatient(broker, nameless);
    expectCause(await inFull(patient, broker), 'connect', 'client/no-common-name');
    expectCause(await fromOutside(patient, broker), 'connect', 'client/no-common-name');
  });
});

/** The console makes none such; other tools do. */
async function withoutCommonName({ certificatePem, privateKeyPem }: CreatedAuthority) {
  const folder = await mkdtemp(join(tmpdir(), 'voke-nameless-'));
  try {
    const [ca, caKey, key] = ['ca.crt', 'ca.key', 'client.key'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(ca, certificatePem);
    await writeFile(caKey, privateKeyPem, { mode: 0o600 });
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
    const signed = ['-CA', ca, '-CAkey', caKey, '-subj', '/O=Hall 7', '-days', '30'];
    const profile = ['-addext', 'extendedKeyUsage=clientAuth', '-addext', 'basicConstraints=CA:FALSE'];
    const pem = await run(programPath('openssl'), [...made, ...signed, ...profile]);
    return { certificatePem: pem, privateKeyPem: await readFile(key, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const span = (from: number, until: number) => ({
  notBefore: daysAgo(from).toISOString(),
  notAfter: daysAgo(until).toISOString(),
});

const closeServer = (server: Server) =>
  new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

async function connectOrNot(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), delay(200)]);
  return socket;
}

// Logins, rights and messages: the fault is made on a real Mosquitto, and the doctor must name it first. The rows of the onboarding documents'
// troubleshooting tables are among them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../electron/broker/doctor/walk.ts';
import { doctorsOf, expectCause, factsOf, plantClient, stateOf } from '../support/doctor-answers.ts';
import { type DoctorBroker, DoctorScene, issue, plantId, tokenBy, username } from '../support/doctor-scene.ts';
import { passwordHash, TokenIssuer } from '../support/mosquitto.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';

describeWith('mosquitto', 'gcc')('the connection doctor, in a session', () => {
  let scene: DoctorScene;
  /** Nothing is wrong with it. */
  let broker: DoctorBroker;

  beforeAll(async () => {
    scene = await DoctorScene.create();
    broker = await scene.startBroker({}, { untilTestEnds: false });
  });

  afterAll(async () => {
    await scene.stop(broker);
    await scene.dispose();
  });

  const { inFull, fromOutside } = doctorsOf(() => scene);

  test('sends nothing unless it was asked to', async () => {
    const listener = await plantClient(scene, broker);
    let heard = 0;
    listener.on('message', () => heard++);
    await listener.subscribeAsync(`cpi/${plantId}/command`);
    const found = await inFull({ ...scene.passwordPatient(broker), exchanges: false }, broker);
    expect([stateOf(found, 'subscribe'), stateOf(found, 'publish'), stateOf(found, 'receive')]).toEqual([
      'passed',
      'notApplicable',
      'notApplicable',
    ]);
    // Had something been sent, it would have come before this.
    await inFull(scene.certificatePatient(broker), broker);
    expect(heard).toBe(1);
  });

  test('tells no secret, also when the broker says one aloud', async () => {
    const token = scene.tokens.issue(plantId, { exp: 1000 });
    let looks = 0;
    const found = await inFull(scene.tokenPatient(broker, token), broker, {
      insight: {
        line: async () => '2.0',
        files: async () => undefined,
        log: async () => Array<string>(++looks).fill(`bad token ${token}`),
      },
    });
    const wrong = await inFull(scene.passwordPatient(broker, 'a-wrong-password'), broker);
    const told = JSON.stringify([found, wrong]);
    for (const secret of [token, 'a-wrong-password', scene.plant.privateKeyPem]) expect(told).not.toContain(secret);
    expect(told).toContain('[hidden]');
  });

  test('a changed password file that the broker was not told of, and one at which its reload failed', async () => {
    const own = await scene.startBroker();
    const changed = `${username}:${passwordHash('new-password')}\n`;
    await own.write('passwd-devices', changed);
    const untold = await inFull(scene.passwordPatient(own, 'new-password'), own);
    expectCause(untold, 'connect', 'connect/not-reloaded');
    await own.remove('passwd-devices');
    await own.reload();
    await until(() => own.server.log().includes('Unable to open pwfile'));
    await own.write('passwd-devices', changed);
    const failed = await inFull(scene.passwordPatient(own, 'new-password'), own);
    expectCause(failed, 'connect', 'connect/not-reloaded', /Unable to open pwfile/);
  });

  test('a plant that may publish but not read commands: its ACL entry is missing', async () => {
    const own = await scene.startBroker({
      files: { 'acl-devices': (text) => text.replace(/^topic read .*\/command$/m, '') },
    });
    const patient = scene.passwordPatient(own);
    const asked = await inFull(patient, own);
    expectCause(asked, 'subscribe', 'rights/read-missing', /command/);
    expect([stateOf(asked, 'publish'), stateOf(asked, 'receive')]).toEqual(['passed', 'failed']);
    // Without its files only a message that does not come shows it, since the subscription is granted.
    const outside = await fromOutside(patient, own);
    expectCause(outside, 'receive', 'rights/read-missing', /command/);
    expect(stateOf(outside, 'subscribe')).toBe('passed');
    // And by its files it is known without any message.
    expectCause(await inFull({ ...patient, exchanges: false }, own), 'subscribe', 'rights/read-missing');
  });

  test('a broker whose public key file is SPKI', async () => {
    const own = await scene.startBroker({ files: { 'jwt-public.der': scene.tokens.spkiKeyDer } });
    expectCause(await inFull(scene.tokenPatient(own), own), 'connect', 'token/key-format', /SPKI/);
    expectCause(await fromOutside(scene.tokenPatient(own), own), 'connect', 'token/key-format');
  });

  test('a broker that goes down in the middle', async () => {
    const own = await scene.startBroker();
    const found = await examine(scene.passwordPatient(own), scene.surroundings(own), (steps) => {
      if (steps.some(({ name, state }) => name === 'connect' && state === 'passed')) own.server.signal('SIGKILL');
    });
    expect(found.suspicions[0]?.code).toBe('broker/went-down');
  });

  test('a client id that somebody else uses', async () => {
    for (const protocolVersion of [5, 4] as const) {
      const rival = await plantClient(scene, broker, { clientId: 'the-same', reconnectPeriod: 30 });
      const patient = scene.passwordPatient(broker);
      const identity = { ...patient.identity, clientId: 'the-same' };
      const found = await inFull({ ...patient, identity, protocolVersion }, broker);
      await rival.endAsync(true);
      expect([found.suspicions[0]?.code, factsOf(found)]).toMatchObject(['connect/client-id-taken', {}]);
    }
  });

  test('a client id that does not begin as the broker wants it', async () => {
    const own = await scene.startBroker({
      files: { 'mosquitto.conf': (text) => `clientid_prefixes plc-\n${text}` },
    });
    const patient = scene.passwordPatient(own);
    expectCause(await inFull(patient, own), 'connect', 'connect/client-id-refused', /plc-/);
  });

  test('an ACL that the broker has not read, one that mutes the plant, and one that is broken', async () => {
    const own = await scene.startBroker({ files: { 'acl-devices': `user ${username}\n` } });
    await own.write('acl-devices', `user ${username}\ntopic readwrite cpi/#\n`);
    expectCause(await inFull(scene.passwordPatient(own), own), 'publish', 'rights/not-reloaded');
    await own.write('acl-devices', `user ${username}\ntopic readwrite cpi/#\ntopic deny #\n`);
    await own.reload();
    expectCause(await inFull(scene.passwordPatient(own), own), 'subscribe', 'rights/muted');
    await own.write('acl-devices', `user ${username}\nthis is no line\n`);
    await own.reload();
    expectCause(await inFull(scene.passwordPatient(own), own), 'subscribe', 'broker/acl-broken', /line 2/);
  });

  // These share the broker with which nothing is wrong, and leave it as it is.

  test.concurrent('finds nothing wrong with a plant of each kind, and follows a message both ways', async () => {
    for (const patient of [
      scene.certificatePatient(broker),
      scene.passwordPatient(broker),
      scene.tokenPatient(broker),
    ]) {
      const found = await inFull(patient, broker);
      expect({ states: found.steps.map(({ state }) => state), facts: factsOf(found) }).toMatchObject({
        states: ['notApplicable', 'passed', 'passed', 'passed', 'passed', 'passed', 'passed'],
      });
      expect(found.suspicions).toEqual([]);
    }
  });

  test.concurrent('a wrong password', async () => {
    const wrong = await inFull(scene.passwordPatient(broker, 'wrong'), broker);
    expectCause(wrong, 'connect', 'connect/password-wrong');
    const evidence = factsOf(wrong).join('\n');
    expect(evidence).toMatch(/Broker's log: \d+: Client \S+ .*not authorised/);
    expect(evidence).toMatch(/Broker's clock: 20\d\d-/);
    expect(evidence).toContain(`User name: ${username}`);
    const outside = await fromOutside(scene.passwordPatient(broker, 'wrong'), broker);
    expect(factsOf(outside)).toContain('CONNACK: 135 (0x87), not authorised');
    expectCause(outside, 'connect', 'connect/password-wrong');
    expect(outside.suspicions.map(({ code }) => code)).toContain('connect/user-unknown');
  });

  test.concurrent('a plant that is not provisioned on the broker yet', async () => {
    const stranger = scene.passwordPatient(broker, 'right', 'plc-ffffffff');
    expectCause(await inFull(stranger, broker), 'connect', 'connect/user-unknown', /no plc-ffffffff/);
    const outside = await fromOutside(stranger, broker, { notPushedYet: 'the register changed after the last push' });
    expectCause(outside, 'connect', 'connect/user-unknown', /after the last push/);
  });

  test.concurrent('a common name that no ACL entry is for', async () => {
    const leaf = await issue(scene.authority, { kind: 'console', commonName: 'pump-station-7' });
    const patient = scene.certificatePatient(broker, leaf);
    expectCause(await inFull(patient, broker), 'subscribe', 'rights/name-unknown', /pump-station-7/);
    const other = await issue(scene.authority, {
      kind: 'console',
      commonName: 'ffffffff-0000-4000-8000-000000000000',
    });
    expectCause(await fromOutside(scene.certificatePatient(broker, other), broker), 'publish', 'rights/name-unknown');
  });

  test.concurrent('a token that expired, one for another user name, and one by another key', async () => {
    const expired = scene.tokens.issue(plantId, { exp: Math.floor(Date.now() / 1000) - 60 });
    expectCause(await fromOutside(scene.tokenPatient(broker, expired), broker), 'connect', 'token/expired');
    const other = scene.tokenPatient(broker, undefined, 'ffffffff-0000-4000-8000-000000000000');
    expectCause(await fromOutside(other, broker), 'connect', 'token/subject', /ffffffff.*a1b2c3d4/);
    const forged = scene.tokenPatient(broker, new TokenIssuer().issue(plantId));
    expectCause(await inFull(forged, broker), 'connect', 'token/other-key');
    const early = scene.tokens.issue(plantId, { iat: Math.floor(Date.now() / 1000) + 600 });
    expectCause(await inFull(scene.tokenPatient(broker, early), broker), 'connect', 'token/not-yet-valid');
    const cut = scene.tokens.issue(plantId).slice(0, 30);
    expectCause(
      await inFull(scene.tokenPatient(broker, cut), broker, { isTokenPort: true }),
      'connect',
      'token/unreadable',
    );
  });

  test.concurrent('a token by HS256 or ES256', async () => {
    for (const algorithm of ['HS256', 'ES256'] as const) {
      const found = await fromOutside(scene.tokenPatient(broker, tokenBy(algorithm)), broker);
      expectCause(found, 'connect', 'token/algorithm', new RegExp(algorithm));
    }
  });

  test.concurrent('a password for the listener of tokens, a token for that of passwords, and no user name', async () => {
    const mistaken = { ...scene.passwordPatient(broker), port: broker.ports.token };
    expectCause(await inFull(mistaken, broker), 'connect', 'connect/wrong-listener');
    const token = { ...scene.tokenPatient(broker), port: broker.ports.password };
    expectCause(await inFull(token, broker), 'connect', 'connect/wrong-listener');
    const nameless = { ...scene.passwordPatient(broker), identity: { clientId: 'doctor' } };
    expectCause(await inFull(nameless, broker), 'connect', 'connect/no-username');
  });

  test.concurrent('nothing is held against a secret that lies on the device alone', async () => {
    for (const { identity, ...patient } of [scene.passwordPatient(broker), scene.tokenPatient(broker)]) {
      const { password: _, ...known } = identity;
      const found = await inFull({ ...patient, identity: { ...known, isSecretAway: true } }, broker);
      expect([stateOf(found, 'tls'), stateOf(found, 'connect')]).toEqual(['passed', 'notApplicable']);
      expect(found.suspicions.map(({ code }) => code)).toEqual(['client/secret-away']);
    }
  });

  test.concurrent('a topic that may not be written, with an answer in MQTT 5 and without one in 3.1.1', async () => {
    const writes = `cpi/${plantId}/config`;
    const patient = { ...scene.passwordPatient(broker), writes };
    const told = await fromOutside(patient, broker);
    expectCause(told, 'publish', 'rights/write-missing', /config/);
    expect(factsOf(told).join('\n')).toContain('PUBACK: 135');
    const untold = await fromOutside({ ...patient, protocolVersion: 4 }, broker);
    expectCause(untold, 'receive', 'rights/write-missing', /config/);
    expect(stateOf(untold, 'publish')).toBe('passed');
    expectCause(await inFull({ ...patient, exchanges: false }, broker), 'publish', 'rights/write-missing');
  });

  test.concurrent('a message that is larger than the broker takes', async () => {
    const patient = { ...scene.passwordPatient(broker), payloadBytes: 10_000 };
    expectCause(await inFull(patient, broker), 'publish', 'publish/too-large', /8192/);
    expectCause(await inFull({ ...patient, protocolVersion: 4 }, broker), 'receive', 'publish/too-large', /8192/);
  });
});

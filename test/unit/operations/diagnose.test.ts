// Under which client id a diagnosis logs in: never under one that would end a session unasked.

import { expect, test } from 'vitest';
import { chooseClientId, type DiagnosisPlan } from '../../../electron/operations/diagnose.ts';
import type { BrokerSession, ManagedBroker } from '../../../shared/model/broker-files.ts';

const plant = { clientId: 'plc-a1b2c3d4', username: 'plc-a1b2c3d4', connectedAt: null };

const plan = (changes: Partial<DiagnosisPlan> = {}): DiagnosisPlan => ({
  about: 'a plant',
  subject: 'a plant',
  patient: {
    host: 'localhost',
    port: 8885,
    identity: { clientId: 'doctor-1', username: plant.username, password: 'secret' },
    protocolVersion: 5,
    exchanges: false,
    payloadBytes: 0,
  },
  ownClientId: plant.clientId,
  permissions: { exchanges: false, takesOver: false },
  broker: undefined,
  otherPorts: [],
  isTokenPort: false,
  ...changes,
});

/** What of a broker the choice asks for. */
function broker(conf: string, sessions: readonly BrokerSession[] | undefined, acl = ''): ManagedBroker {
  const file = (name: string, text: string) => ({ name, content: Buffer.from(text), mode: 0o600, secret: false });
  return {
    current: async () => [file('mosquitto.conf', conf), file('acl', acl)],
    describe: async () => ({ line: '2.0' }),
    sessions: async () => sessions,
  } as unknown as ManagedBroker;
}

const listener = 'per_listener_settings true\nlistener 8885\nacl_file /etc/mosquitto/acl\n';
const forced = `${listener}use_username_as_clientid true\n`;
const chosen = async (...[given, target]: Parameters<typeof chooseClientId>) =>
  (await chooseClientId(given, target)).patient.identity.clientId;
const refusal = { code: 'doctor/would-interrupt', details: { clientId: plant.clientId } };

test('uses an id of its own beside a live session, where ids are the clients’ matter', async () => {
  expect(await chosen(plan(), broker(listener, [plant]))).toBe('doctor-1');
  expect(await chosen(plan(), broker(listener, undefined))).toBe('doctor-1');
});

test('asks before it takes the place of a session, where the broker gives the ids', async () => {
  await expect(chosen(plan(), broker(forced, [plant]))).rejects.toMatchObject(refusal);
  await expect(chosen(plan(), broker(forced, undefined))).rejects.toMatchObject(refusal);
  expect(await chosen(plan(), broker(forced, []))).toBe(plant.clientId);
});

test('takes the client’s own id where rights or admission follow from it', async () => {
  expect(await chosen(plan(), broker(listener, [], 'pattern readwrite cpi/%c/#\n'))).toBe(plant.clientId);
  expect(await chosen(plan(), broker(`clientid_prefixes plc-\n${listener}`, []))).toBe(plant.clientId);
});

test('leaves the plan as it is where the operator has said that the session may end', async () => {
  const allowed = plan({ permissions: { exchanges: false, takesOver: true } });
  expect(await chosen(allowed, broker(forced, [plant]))).toBe('doctor-1');
});

test('refuses an id that somebody entered and that is live', async () => {
  const entered = plan();
  const patient = { ...entered.patient, identity: { ...entered.patient.identity, clientId: plant.clientId } };
  await expect(chosen({ ...entered, patient }, broker(listener, [plant]))).rejects.toMatchObject(refusal);
});

// What the tests of the connection doctor ask and expect.

import { connectAsync, type MqttClient } from 'mqtt';
import { expect, onTestFinished } from 'vitest';
import type { Patient, Surroundings } from '../../electron/broker/doctor/patient.ts';
import { type Examination, examine } from '../../electron/broker/doctor/walk.ts';
import type { DoctorStepName } from '../../shared/model/doctor.ts';
import type { CauseCode } from '../../shared/model/doctor-causes.ts';
import { type DoctorBroker, type DoctorScene, password, username } from './doctor-scene.ts';

/** Surroundings in which nothing is known but the patient. */
export const nothingKnown: Surroundings = {
  now: () => new Date(),
  otherPorts: [],
  isTokenPort: false,
  authorityPems: [],
  isRevoked: () => false,
  readCrls: async () => [],
  verifyPassword: async () => false,
};

export const stateOf = ({ steps }: Examination, name: DoctorStepName) =>
  steps.find((step) => step.name === name)?.state;

export const factsOf = ({ steps }: Examination) =>
  steps.flatMap(({ summary, evidence }) => [summary, ...evidence.map(({ label, value }) => `${label}: ${value}`)]);

/** It failed, or was warned of, at this step, and this is the likeliest cause. */
export function expectCause(found: Examination, step: DoctorStepName, code: CauseCode, because?: RegExp) {
  const wrong = found.steps.find(({ state }) => state === 'failed' || state === 'warned')?.name;
  expect({ wrong, cause: found.suspicions[0]?.code, facts: factsOf(found) }).toMatchObject({
    wrong: step,
    cause: code,
  });
  if (because) expect(found.suspicions[0]?.because ?? '').toMatch(because);
}

/** `inFull` knows the broker's files and log. `fromOutside`: as for a broker that the console reaches no other way. */
export const doctorsOf = (scene: () => DoctorScene) => ({
  inFull: (patient: Patient, at: DoctorBroker, around: Partial<Surroundings> = {}) =>
    examine(patient, { ...scene().surroundings(at), ...around }),
  fromOutside: (patient: Patient, at: DoctorBroker, around: Partial<Surroundings> = {}) =>
    examine(patient, { ...scene().surroundings(at, { withInsight: false }), ...around }),
});

/** The plant itself, over its password; it ends with the test. */
export async function plantClient(
  scene: DoctorScene,
  at: DoctorBroker,
  options: { clientId?: string; reconnectPeriod?: number } = {},
): Promise<MqttClient> {
  const client = await connectAsync({
    ...{ host: '127.0.0.1', servername: 'localhost', port: at.ports.password, protocol: 'mqtts' },
    ...{ ca: scene.authority.certificatePem, username, password, reconnectPeriod: 0, ...options },
  });
  client.on('error', () => {});
  onTestFinished(async () => void (await client.endAsync(true)));
  return client;
}

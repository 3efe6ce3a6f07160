// What keeps a connection from being opened at all: of the doctor's causes, those for which no broker is needed.

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Patient } from '../../electron/broker/doctor/patient.ts';
import { type Examination, examine } from '../../electron/broker/doctor/walk.ts';
import { expectCause, factsOf, nothingKnown } from '../support/doctor-answers.ts';
import { run } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const to = (host: string): Patient => ({
  host,
  port: 8883,
  identity: { clientId: 'doctor', username: 'plc-a1b2c3d4', password: 'secret' },
  protocolVersion: 5,
  exchanges: false,
  payloadBytes: 100,
});

const around = { ...nothingKnown, timeoutMs: 2000 };

// Linux refuses it before anything leaves the machine (tcp_v4_connect): no network can change that.
test('an address to which no way leads', async () => {
  const found = await examine(to('224.0.0.1'), around);
  expectCause(found, 'tcp', 'tcp/no-route');
  expect(factsOf(found).join('\n')).toContain('224.0.0.1: port 8883: ENETUNREACH');
});

describeWith('unshare')('the connection doctor, on a machine without a network', () => {
  test('a name server that does not answer is not taken for a name that nobody knows', async () => {
    const found = await withoutNetwork(to('broker.plant.example'));
    expectCause(found, 'name', 'name/lookup-failed', /^broker\.plant\.example$/);
    expect(factsOf(found).join('\n')).toContain('Error code: EAI_AGAIN');
  });

  test('an address of a link, without one: what has no cause of its own is told by its code', async () => {
    const found = await withoutNetwork(to('fe80::1'));
    expectCause(found, 'tcp', 'tcp/failed', /^E[A-Z]+$/);
    expect(factsOf(found).join('\n')).toMatch(/fe80::1: port 8883: E[A-Z]+/);
  });
});

/** The examination in a process that has a network of its own with nothing in it. */
async function withoutNetwork(patient: Patient): Promise<Examination> {
  const walk = fileURLToPath(import.meta.resolve('../../electron/broker/doctor/walk.ts'));
  const program = `
    import { examine } from ${JSON.stringify(walk)};
    const around = { ...${JSON.stringify(around)}, now: () => new Date(), isRevoked: () => false };
    console.log(JSON.stringify(await examine(${JSON.stringify(patient)}, around)));`;
  const alone = process.getuid?.() === 0 ? ['--net'] : ['--net', '--map-root-user'];
  const node = [process.execPath, '--input-type=module-typescript', '-e', program];
  return JSON.parse(await run(programPath('unshare'), [...alone, ...node])) as Examination;
}

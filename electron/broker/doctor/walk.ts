// Walks the way of a connection as its client would: name, TCP, TLS, CONNECT, subscribe, publish, receive. Each step
// leaves its evidence, and what it makes one suspect.
// - No password and no token is sent before the broker's certificate has been found good.
// - What the broker does not say is asked of its own files and log, where the console reaches them.
// - Nothing is waited for without a limit, and nothing is thrown for what a broker does.

import type { DoctorStep } from '../../../shared/model/doctor.ts';
import { readCertificates } from './certificates.ts';
import { brokersName, type Examined } from './examined.ts';
import { exchange } from './exchange.ts';
import { Inside } from './inside.ts';
import type { Patient, Surroundings, Suspicion } from './patient.ts';
import { PatientStreams } from './patient-streams.ts';
import { StepBook } from './step-book.ts';
import { judgeUnasked, stepConnect } from './step-connect.ts';
import { stepName, stepTcp } from './step-reach.ts';
import { stepTls } from './step-tls.ts';

export type Examination = { readonly steps: readonly DoctorStep[]; readonly suspicions: readonly Suspicion[] };

const defaultTimeoutMs = 8000;

/** `onSteps` is told all steps at every change. */
export async function examine(
  patient: Patient,
  around: Surroundings,
  onSteps: (steps: readonly DoctorStep[]) => void = () => {},
): Promise<Examination> {
  const { password, keyPem, passwordHash, certificatePem } = patient.identity;
  const { timeoutMs = defaultTimeoutMs } = around;
  const book = new StepBook([password, keyPem, passwordHash], onSteps);
  const inside = new Inside(around.insight, patient, around.now);
  const streams = new PatientStreams(patient, timeoutMs);
  const client = certificatePem === undefined ? undefined : readCertificates(certificatePem)?.[0];
  try {
    await inside.begin();
    await walk({ patient, around, book, inside, streams, client, timeoutMs });
    // What the broker wrote meanwhile, at the step where it went wrong.
    const wrong = book.steps.find(({ state }) => state === 'failed' || state === 'warned');
    if (wrong) book.add(wrong.name, await inside.evidence());
  } finally {
    streams.destroy();
    book.end();
  }
  return { steps: book.steps, suspicions: book.suspicions };
}

async function walk(examined: Examined): Promise<void> {
  const { patient, around, book, inside, streams, timeoutMs } = examined;
  const addresses = await stepName(examined);
  const stream = addresses && (await stepTcp(examined, addresses));
  const secured = stream && (await stepTls(examined, stream));
  if (!secured) return;
  if (patient.identity.isSecretAway) return await judgeUnasked(examined);
  const talk = await stepConnect(examined, secured);
  if (!talk) return;
  await exchange(talk, {
    patient,
    username: await brokersName(examined),
    helper: around.helper,
    onSend: around.onSend,
    inside,
    book,
    reopen: () => streams.reopen(),
    overHost: (open) => streams.overHost(open),
    timeoutMs,
  });
  await talk.close();
}

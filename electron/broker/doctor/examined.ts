// What the steps of one examination share.

import type { X509Certificate } from 'node:crypto';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { commonNameOf } from './certificates.ts';
import type { Inside } from './inside.ts';
import type { Patient, Surroundings } from './patient.ts';
import type { PatientStreams } from './patient-streams.ts';
import type { StepBook } from './step-book.ts';

export type Examined = {
  readonly patient: Patient;
  readonly around: Surroundings;
  readonly book: StepBook;
  readonly inside: Inside;
  readonly streams: PatientStreams;
  /** The client's certificate; undefined where it has none, or one that cannot be read. */
  readonly client: X509Certificate | undefined;
  /** Of every answer that is waited for. */
  readonly timeoutMs: number;
};

/** As the broker knows the client: by its common name where it takes that. */
export async function brokersName({ patient, inside, client }: Examined): Promise<string | undefined> {
  const { username } = patient.identity;
  const commonName = client && commonNameOf(client);
  return (await inside.files())?.takesCertificates ? commonName : (username ?? commonName);
}

export const errorEvidence = (value: string): Evidence => ({ label: 'Error code', value });

// What the doctor found, in words. Grey is as it should be.

import type { Diagnosis, DoctorStepName, DoctorStepState } from '../../../shared/model/doctor.ts';

export const stepWords: Record<DoctorStepName, string> = {
  name: 'Name',
  tcp: 'TCP',
  tls: 'TLS',
  connect: 'CONNECT',
  subscribe: 'Subscribe',
  publish: 'Publish',
  receive: 'Receive',
};

export const stateWords: Record<DoctorStepState, string> = {
  waiting: 'waiting',
  running: 'under way',
  passed: 'passed',
  warned: 'attention',
  failed: 'failed',
  notReached: 'not reached',
  notApplicable: 'left out',
};

/** The whole diagnosis as plain text, to be sent to somebody else: there is no secret in it. */
export function reportOf({ subject, address, identity, startedAt, steps, causes, problem }: Diagnosis): string {
  const lines = [
    `Connection of ${subject}`,
    `To ${address}, as ${identity}`,
    `Examined at ${startedAt}`,
    '',
    ...(problem ? [`The examination ended early: ${problem.detail} [${problem.code}]`] : []),
    ...(causes.length === 0 && !problem ? ['Nothing was found that stands in the way.'] : []),
    ...causes.flatMap(({ code, title, because, advice }, index) => [
      `${index === 0 ? 'Likeliest cause' : 'Also possible'}: ${title} [${code}]`,
      ...(because === null ? [] : [`  Here: ${because}`]),
      `  What to do: ${advice}`,
    ]),
    '',
    ...steps.flatMap(({ name, state, summary, evidence }) => [
      `${stepWords[name]}: ${stateWords[state]}. ${summary}`.trimEnd(),
      ...evidence.map(({ label, value }) => `  ${label}: ${value}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

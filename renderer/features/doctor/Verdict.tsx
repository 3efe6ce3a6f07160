import { Button } from '@mantine/core';
import { IconAlertOctagon, IconAlertTriangle, IconCircleCheck, IconStethoscope } from '@tabler/icons-react';
import type { Diagnosis } from '../../../shared/model/doctor.ts';
import type { CauseCode } from '../../../shared/model/doctor-causes.ts';
import { href } from '../../app/route.ts';
import { Notice } from '../../ui/Notice.tsx';
import classes from './Doctor.module.css';

/** What a push to the broker may end. */
const endedByPush: readonly CauseCode[] = [
  'tcp/broker-down',
  'tls/server-expired',
  'tls/server-revoked',
  'broker/crl-expired',
  'broker/crl-missing',
  'broker/acl-broken',
  'broker/went-down',
  'connect/user-unknown',
  'connect/not-reloaded',
  'token/key-format',
  'token/other-key',
  'rights/name-unknown',
  'rights/read-missing',
  'rights/write-missing',
  'rights/not-reloaded',
];

const isBad = ({ steps }: Diagnosis): boolean => steps.some(({ state }) => state === 'failed');

/** Why it does not connect, and what to do, large enough to be read from the machine. */
export function Verdict({ diagnosis }: { diagnosis: Diagnosis }) {
  const { causes, state, subject, problem } = diagnosis;
  const [likeliest, ...others] = causes;
  if (state === 'running') {
    return (
      <div className={classes.verdict} data-tone="working">
        <IconStethoscope size={34} aria-hidden />
        <p className={classes.cause}>The connection of {subject} is being examined.</p>
      </div>
    );
  }
  if (problem) {
    return (
      <Notice tone="fault">
        The examination ended early. {problem.detail} <span className={classes.code}>{problem.code}</span>
      </Notice>
    );
  }
  if (!likeliest) {
    return (
      <div className={classes.verdict} data-tone="normal">
        <IconCircleCheck size={34} aria-hidden />
        <div>
          <p className={classes.cause}>Nothing stands in the way.</p>
          <p className={classes.advice}>{gladWords(diagnosis)}</p>
        </div>
      </div>
    );
  }
  const Sign = isBad(diagnosis) ? IconAlertOctagon : IconAlertTriangle;
  return (
    <div className={classes.verdict} data-tone={isBad(diagnosis) ? 'fault' : 'attention'}>
      <Sign size={34} aria-hidden />
      <div>
        <p className={classes.cause}>{likeliest.title}</p>
        {likeliest.because !== null && <p className={classes.because}>Here: {likeliest.because}.</p>}
        <p className={classes.advice}>
          <strong>What to do: </strong>
          {likeliest.advice}
        </p>
        {others.length > 0 && (
          <div className={classes.others}>
            <span>Also possible:</span>
            <ul>
              {others.map(({ code, title, because, advice }) => (
                <li key={code}>
                  {title}
                  {because !== null && ` Here: ${because}.`} <span className={classes.dim}>{advice}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className={classes.action}>
          {endedByPush.includes(likeliest.code) && (
            <Button component="a" href={href('brokers')}>
              Open Broker
            </Button>
          )}
          <span className={classes.code}>{likeliest.code}</span>
        </div>
      </div>
    </div>
  );
}

const gladWords = ({ steps }: Diagnosis): string =>
  steps.find(({ name }) => name === 'receive')?.state === 'passed'
    ? 'The client gets in, and what was sent came through both ways.'
    : 'The client gets in. Whether messages come through was not tried: nothing was sent.';

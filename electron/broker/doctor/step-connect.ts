// The fourth step: the client logs in, or, where its secret is not here, is judged by what is known of it.

import type { Duplex } from 'node:stream';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { answerName } from './answer-names.ts';
import { commonNameOf } from './certificates.ts';
import { brokersName, type Examined, errorEvidence } from './examined.ts';
import { judgeClient } from './judge-certificate.ts';
import { judgeLogin, judgeRefusal } from './judge-login.ts';
import { judgeRights } from './judge-rights.ts';
import { looksLikeToken, tokenEvidence } from './judge-token.ts';
import { type ConnectAnswer, MqttTalk } from './mqtt-talk.ts';
import { type Suspicion, suspect } from './patient.ts';
import { lookAgainForMqtt } from './second-look.ts';
import { failByAlert, reopenSecured } from './step-tls.ts';

export async function stepConnect(examined: Examined, stream: Duplex): Promise<MqttTalk | undefined> {
  const { patient, book, client, timeoutMs } = examined;
  const { identity, protocolVersion } = patient;
  const { username, clientId, password } = identity;
  const evidence = [
    { label: 'Client id', value: clientId },
    { label: 'User name', value: username ?? (client && commonNameOf(client)) ?? 'none' },
    ...(password !== undefined && looksLikeToken(password) ? tokenEvidence(password) : []),
  ];
  book.set('connect', 'running', 'Logging in.', evidence);
  let version = protocolVersion;
  let talk = new MqttTalk(stream, identity, version, timeoutMs);
  let answer = await talk.connect();
  if (version === 5 && mayNotSpeakIt(answer)) {
    const again = await reopenSecured(examined);
    const older = again && new MqttTalk(again, identity, 4, timeoutMs);
    const second = await older?.connect();
    if (older && second && (second.outcome === 'accepted' || second.outcome === 'refused')) {
      await talk.close();
      [talk, answer, version] = [older, second, 4];
    } else await older?.close();
  }
  const spoken = { label: 'Protocol', value: version === 5 ? 'MQTT 5' : 'MQTT 3.1.1' };
  if (answer.outcome === 'accepted') {
    book.set('connect', 'passed', `The broker let the client in, over ${spoken.value}.`, [spoken, ...evidence]);
    return talk;
  }
  await talk.close();
  if (answer.outcome === 'closed' && /ALERT/.test(answer.errorCode)) {
    book.set('connect', 'waiting', '');
    await failByAlert(examined, answer.errorCode);
    return undefined;
  }
  const { suspicions, summary } = await judgeConnect(examined, answer);
  book.fail('connect', suspicions, summary, [...codeEvidence(answer), spoken, ...evidence]);
  return undefined;
}

async function judgeConnect(
  examined: Examined,
  answer: Exclude<ConnectAnswer, { outcome: 'accepted' }>,
): Promise<{ readonly suspicions: Suspicion[]; readonly summary: string }> {
  const { inside, streams, patient } = examined;
  switch (answer.outcome) {
    case 'silent':
      return { suspicions: [suspect('connect/silent')], summary: 'There was no CONNACK in time.' };
    case 'refused':
    case 'ended':
      return {
        suspicions: await judgeRefusal(answer.code, await knownOf(examined)),
        summary:
          answer.outcome === 'refused' ? 'The broker refused the client.' : 'The broker ended the session at once.',
      };
    case 'closed': {
      const isTakenOver = (await inside.newLines()).some((line) => /already connected, closing old/.test(line));
      const suspicion = isTakenOver
        ? suspect('connect/client-id-taken')
        : await lookAgainForMqtt(() => streams.reopen(), patient.tls !== undefined);
      return { suspicions: [suspicion], summary: 'The connection ended before the client was let in.' };
    }
  }
}

/** Nobody is asked: what is known is judged. */
export async function judgeUnasked(examined: Examined): Promise<void> {
  const { patient, book, client, around } = examined;
  const known = await knownOf(examined);
  const rights = judgeRights(await brokersName(examined), patient, known.files);
  const suspicions = [
    ...(client ? await judgeClient(client, around, known.files) : []),
    ...(await judgeLogin(known)),
    ...rights.suspicions,
  ];
  const why = 'The secret part of this credential lies on the device alone, so nobody was logged in.';
  book.suspect([...suspicions, suspect('client/secret-away')]);
  const found =
    suspicions.length > 0 ? 'What is known of it speaks against it.' : 'Nothing that is known speaks against it.';
  book.set('connect', suspicions.length > 0 ? 'warned' : 'notApplicable', `${why} ${found}`);
}

async function knownOf({ patient, client, around, inside }: Examined) {
  return {
    identity: patient.identity,
    client: client,
    surroundings: around,
    files: await inside.files(),
    log: await inside.log(),
    now: await inside.brokerNow(),
  };
}

const codeEvidence = (answer: ConnectAnswer): Evidence[] => {
  switch (answer.outcome) {
    case 'refused':
      return [{ label: 'CONNACK', value: answerName(answer.code) }];
    case 'ended':
      return [{ label: 'DISCONNECT', value: answerName(answer.code) }];
    case 'closed':
      return answer.errorCode === '' ? [] : [errorEvidence(answer.errorCode)];
    case 'silent':
    case 'accepted':
      return [];
  }
};

const mayNotSpeakIt = (answer: ConnectAnswer): boolean =>
  (answer.outcome === 'refused' && (answer.code === 1 || answer.code === 132)) ||
  (answer.outcome === 'closed' && answer.errorCode === '');

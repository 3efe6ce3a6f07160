// The last steps: a client that was let in reads and writes.
// - Mosquitto grants every subscription and swallows what may not be written, so only a message that comes through
//   proves anything. Messages are sent only where the operator asked for it; without, the broker's ACL file is asked.
// - What is sent is never retained, and bears no signature: no plant obeys it.

import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Evidence } from '../../../shared/model/doctor.ts';
import { filterMatchesTopic } from '../../../shared/model/topics.ts';
import type { ProbeClient } from '../probe.ts';
import { openTransport } from '../probe-transport.ts';
import { answerName } from './answer-names.ts';
import type { Inside } from './inside.ts';
import { judgeRights, type Rights } from './judge-rights.ts';
import type { ListenerFiles } from './listener-files.ts';
import { MqttTalk, newMark } from './mqtt-talk.ts';
import { type Patient, type Surroundings, type Suspicion, suspect } from './patient.ts';
import { lookAgainForMqtt, type Reopen } from './second-look.ts';
import type { StepBook } from './step-book.ts';

type Parts = {
  readonly patient: Patient;
  /** As the broker knows the client. */
  readonly username: string | undefined;
  readonly helper: ProbeClient | undefined;
  readonly onSend: Surroundings['onSend'];
  readonly inside: Inside;
  readonly book: StepBook;
  readonly reopen: Reopen;
  /** Gives a way over another host up when it does not come about. */
  readonly overHost: (open: () => Promise<Duplex>) => Promise<Duplex>;
  readonly timeoutMs: number;
};

/** What the broker had for a client before it answered it has come by then. */
const settleMs = 200;

export async function exchange(talk: MqttTalk, parts: Parts): Promise<void> {
  const { patient, username, inside } = parts;
  const files = await inside.files();
  const rights = judgeRights(username, patient, files);
  if (!(await subscribe(talk, parts, rights))) return;
  const helper = patient.exchanges ? await openHelper(parts) : undefined;
  try {
    const mark = await publish(talk, parts, rights, files, helper);
    if (talk.isOpen) await receive(talk, parts, rights, files, { mark, helper });
  } finally {
    await helper?.close();
  }
}

const about = (suspicions: readonly Suspicion[], ...codes: readonly Suspicion['code'][]) =>
  suspicions.filter(({ code }) => codes.includes(code));

const everything = ['rights/name-unknown', 'rights/muted', 'broker/acl-broken'] as const;

async function subscribe(talk: MqttTalk, parts: Parts, rights: Rights): Promise<boolean> {
  const { book, patient } = parts;
  const { reads } = patient;
  if (reads === undefined) {
    book.set('subscribe', 'notApplicable', 'No topic to read was named.');
    return true;
  }
  book.set('subscribe', 'running', `Subscribing to ${reads}.`);
  const code = await talk.subscribe(reads);
  if (code === undefined) {
    if (!talk.isOpen) await tellEnding(talk, parts, 'subscribe');
    else {
      book.suspect([suspect('connect/silent', 'there was no SUBACK')]);
      book.set('subscribe', 'failed', 'The broker did not answer to the subscription.');
    }
    return false;
  }
  const evidence = [
    { label: 'SUBACK', value: code < 128 ? `${code}, granted` : answerName(code) },
    ...aclEvidence('read', reads, rights.reads),
  ];
  if (code >= 128) {
    book.suspect([suspect('rights/subscribe-refused', reads)]);
    book.set('subscribe', 'failed', `The broker refused the subscription to ${reads}.`, evidence);
    return true;
  }
  const suspicions = about(rights.suspicions, ...everything, 'rights/read-missing');
  book.suspect(suspicions);
  if (suspicions.length > 0) {
    const what = `The broker granted the subscription to ${reads}, but its ACL file speaks against it.`;
    book.set('subscribe', 'warned', what, evidence);
  } else book.set('subscribe', 'passed', `The broker granted the subscription to ${reads}.`, evidence);
  return true;
}

const aclEvidence = (verb: 'read' | 'write', topic: string, may: boolean | undefined): Evidence[] =>
  may === undefined ? [] : [{ label: "Broker's ACL file", value: `may ${may ? '' : 'not '}${verb} ${topic}` }];

/** Answers the mark of what was sent. */
async function publish(
  talk: MqttTalk,
  parts: Parts,
  rights: Rights,
  files: ListenerFiles | undefined,
  helper: MqttTalk | undefined,
): Promise<string | undefined> {
  const { book, patient } = parts;
  const { writes, exchanges, payloadBytes } = patient;
  if (writes === undefined) {
    book.set('publish', 'notApplicable', 'No topic to write was named.');
    return undefined;
  }
  const evidence = aclEvidence('write', writes, rights.writes);
  const denied = about(rights.suspicions, ...everything, 'rights/write-missing');
  if (!exchanges) {
    book.suspect(denied);
    const words =
      rights.writes === undefined
        ? ''
        : ` By the broker's ACL file the client may ${rights.writes ? '' : 'not '}write to ${writes}.`;
    const state = denied.length > 0 ? 'warned' : 'notApplicable';
    book.set('publish', state, `Nothing was sent, since nobody asked for it.${words}`, evidence);
    return undefined;
  }
  book.set('publish', 'running', `Publishing on ${writes}.`);
  await helper?.subscribe(writes);
  const mark = newMark();
  const code = await send(talk, parts, writes, messageOf(mark, payloadBytes));
  if (code === undefined) {
    if (!talk.isOpen) await tellEnding(talk, parts, 'publish');
    else {
      book.suspect([suspect('connect/silent', 'there was no PUBACK')]);
      book.set('publish', 'failed', 'The broker did not answer to the message.');
    }
    return undefined;
  }
  const answered = [
    { label: 'PUBACK', value: code === 'too-large' || code < 128 ? String(code) : answerName(code) },
    { label: 'Size', value: `${payloadBytes} bytes` },
    ...evidence,
  ];
  if (code === 'too-large' || code === 149) {
    book.suspect([tooLarge(payloadBytes, files)]);
    book.set('publish', 'failed', 'The broker takes no message of this size.', answered);
    await talk.close();
    return undefined;
  }
  if (code >= 128) {
    book.suspect(denied.length > 0 ? denied : [otherwise(rights.writes, 'rights/write-missing', parts, writes)]);
    book.set('publish', 'failed', `The broker did not take the message on ${writes} (reason code ${code}).`, answered);
    return undefined;
  }
  book.set('publish', 'passed', `The broker acknowledged a message on ${writes}.`, answered);
  return mark;
}

function send(talk: MqttTalk, { onSend }: Parts, topic: string, payload: Buffer) {
  onSend?.(topic, payload);
  return talk.publish(topic, payload);
}

const tooLarge = (bytes: number, files: ListenerFiles | undefined): Suspicion =>
  suspect(
    'publish/too-large',
    `it has ${bytes} bytes${files?.messageSizeLimit === undefined ? '' : `, the limit is ${files.messageSizeLimit}`}`,
  );

/** When the file grants what the broker does not, or there is no file: which of the reasons it is. */
function otherwise(
  may: boolean | undefined,
  missing: 'rights/read-missing' | 'rights/write-missing',
  { username, patient: { reads, writes } }: Parts,
  topic: string,
): Suspicion {
  if (may === true) return suspect('rights/not-reloaded', topic);
  const isNamed = [reads, writes].some((one) => username !== undefined && one?.split('/').includes(username));
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(username ?? '');
  return may === undefined && isUuid && !isNamed
    ? suspect('rights/name-unknown', `the broker knows it as ${username}, and the topic is ${topic}`)
    : suspect(missing, topic);
}

async function receive(
  talk: MqttTalk,
  parts: Parts,
  rights: Rights,
  files: ListenerFiles | undefined,
  { mark, helper }: { readonly mark: string | undefined; readonly helper: MqttTalk | undefined },
): Promise<void> {
  const { book, patient } = parts;
  const { reads, writes, exchanges, payloadBytes } = patient;
  if (!exchanges) return book.set('receive', 'notApplicable', 'Nothing was sent, since nobody asked for it.');
  book.set('receive', 'running', 'Waiting for the messages.');
  const outcomes: { readonly what: string; readonly came: boolean; readonly suspicions: readonly Suspicion[] }[] = [];
  const written = (came: boolean) => {
    const denied = about(rights.suspicions, ...everything, 'rights/write-missing');
    const isTooLarge = files?.messageSizeLimit !== undefined && payloadBytes > files.messageSizeLimit;
    const likely = isTooLarge ? [tooLarge(payloadBytes, files)] : denied;
    const rest = otherwise(rights.writes, 'rights/write-missing', parts, writes ?? '');
    outcomes.push({ what: `The client's message on ${writes}`, came, suspicions: likely.length > 0 ? likely : [rest] });
  };
  if (mark !== undefined && helper) {
    await roundTrip(helper);
    written(await helper.hears(mark, settleMs));
  } else if (mark !== undefined && reads !== undefined && filterMatchesTopic(reads, writes ?? '')) {
    await roundTrip(talk);
    written(await talk.hears(mark, settleMs));
  }
  if (reads !== undefined && helper && !/[+#]/.test(reads)) {
    const said = newMark();
    await send(helper, parts, reads, messageOf(said, 0));
    await roundTrip(talk);
    const denied = about(rights.suspicions, ...everything, 'rights/read-missing');
    const rest = otherwise(rights.reads, 'rights/read-missing', parts, reads);
    outcomes.push({
      what: `A message on ${reads}`,
      came: await talk.hears(said, settleMs),
      suspicions: denied.length > 0 ? denied : [rest],
    });
  }
  if (!talk.isOpen) return await tellEnding(talk, parts, 'receive');
  if (outcomes.length === 0) {
    return book.set('receive', 'notApplicable', 'There is nobody who could say or hear something for the client.');
  }
  const evidence = outcomes.map(({ what, came }) => ({ label: what, value: came ? 'came through' : 'did not come' }));
  const lost = outcomes.filter(({ came }) => !came);
  book.suspect(lost.flatMap(({ suspicions }) => suspicions));
  if (lost.length === 0) book.set('receive', 'passed', 'What was sent came through.', evidence);
  else book.set('receive', 'failed', `${lost.map(({ what }) => what).join(' and ')} did not come through.`, evidence);
}

/** Whatever the broker had for this client before has come when this is done, or comes at once. */
async function roundTrip(talk: MqttTalk): Promise<void> {
  await talk.subscribe(`doctor/${randomUUID()}`);
}

/** The connection ended by itself. */
async function tellEnding(
  talk: MqttTalk,
  { book, inside, reopen, patient }: Parts,
  step: 'subscribe' | 'publish' | 'receive',
): Promise<void> {
  const ending = talk.ending();
  if (ending.outcome === 'ended') {
    const suspicions =
      ending.code === 149 ? [tooLarge(patient.payloadBytes, await inside.files())] : await byCode(ending.code);
    book.suspect(suspicions);
    const evidence = [{ label: 'DISCONNECT', value: answerName(ending.code) }];
    return book.set(step, 'failed', 'The broker ended the session.', evidence);
  }
  const isTakenOver = (await inside.newLines()).some((line) => /already connected, closing old/.test(line));
  book.suspect([
    isTakenOver ? suspect('connect/client-id-taken') : await lookAgainForMqtt(reopen, patient.tls !== undefined),
  ]);
  book.set(step, 'failed', 'The connection was lost.');
}

const byCode = async (code: number): Promise<Suspicion[]> => {
  switch (code) {
    case 142:
      return [suspect('connect/client-id-taken')];
    case 139:
      return [suspect('broker/went-down')];
    default:
      return [suspect('connect/closed', `reason code ${code}`)];
  }
};

async function openHelper({ helper, overHost, timeoutMs }: Parts): Promise<MqttTalk | undefined> {
  if (!helper) return undefined;
  try {
    const { openStream } = helper.listener;
    const stream = openTransport(helper.listener, {
      certificate: helper.identity,
      stream: openStream && (await overHost(openStream)),
      timeoutMs,
      onSecure: () => {},
    });
    const talk = new MqttTalk(stream, helper.identity, 4, timeoutMs);
    if ((await talk.connect({ settles: false })).outcome === 'accepted') return talk;
    await talk.close();
  } catch {
    // Without help less can be said.
  }
  return undefined;
}

function messageOf(mark: string, bytes: number): Buffer {
  const padding = Math.max(0, bytes - mark.length - 2);
  return Buffer.from(`${mark}"${' '.repeat(padding)}}`);
}

// Finds out why a client does not get through to its broker (broker/doctor/ walks the way).
// - A diagnosis logs in with a client id of its own, since a second client with the plant's id ends the plant's session.
//   Where the broker gives ids by itself, or rights follow from them, the operator must have said that this may be.
// - Nothing is published unless the operator asked for it.

import type { BrokerSession, ManagedBroker } from '../../shared/model/broker-files.ts';
import { clockWords } from '../../shared/model/clock-words.ts';
import type { Cause, DiagnosisPermissions, DoctorStep } from '../../shared/model/doctor.ts';
import { doctorCauses } from '../../shared/model/doctor-causes.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { listenerFiles } from '../broker/doctor/listener-files.ts';
import {
  type BrokerInsight,
  type Patient,
  type Surroundings,
  type Suspicion,
  suspect,
} from '../broker/doctor/patient.ts';
import { type Examination, examine } from '../broker/doctor/walk.ts';
import type { ProbeClient } from '../broker/probe.ts';
import { verifyPassword } from '../credentials/passwords.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { trustedAuthorities } from './authority.ts';
import { registerDigest } from './broker-files.ts';
import { type BrokerWay, type Listener, withWayTo } from './broker-way.ts';
import { audit, type OperationContext } from './context.ts';
import { readCrlTimes } from './crl-times.ts';
import { doctorClientId } from './own-sessions.ts';
import { seerOf } from './probe-broker.ts';

export type DiagnosisPlan = {
  /** What it is about: a plant's id, or the address. */
  readonly about: string;
  /** The same for people. */
  readonly subject: string;
  readonly patient: Patient;
  /** The client id that the device itself uses. */
  readonly ownClientId: string | undefined;
  readonly permissions: DiagnosisPermissions;
  /** Undefined: one that the console does not know. */
  readonly broker: BrokerRow | undefined;
  readonly otherPorts: Surroundings['otherPorts'];
  readonly isTokenPort: boolean;
};

export type Findings = { readonly steps: readonly DoctorStep[]; readonly causes: readonly Cause[] };

/**
 * The plan with the client id that the broker leaves it. Throws `doctor/would-interrupt` where logging in would end the
 * client's own session and the operator has not said that it may.
 */
export async function chooseClientId(plan: DiagnosisPlan, target: ManagedBroker | undefined): Promise<DiagnosisPlan> {
  const { patient, ownClientId, permissions } = plan;
  const { identity } = patient;
  if (permissions.takesOver || identity.isSecretAway || !target) return plan;
  // Side by side: a slow way to the broker is waited for once.
  const [sessions, isForced = false] = await Promise.all([
    known(async () => target.sessions?.()),
    known(() => mustUseOwnId(target, patient.port)),
  ]);
  const clientId = isForced ? (ownClientId ?? identity.clientId) : identity.clientId;
  const isLive = (session: BrokerSession) =>
    session.clientId === clientId ||
    (isForced && identity.username !== undefined && session.username === identity.username);
  // Where ids are the broker's and nobody can tell who is there, somebody may be.
  if (sessions ? sessions.some(isLive) : isForced) {
    throw new ConsoleError('doctor/would-interrupt', { details: { clientId } });
  }
  return { ...plan, patient: { ...patient, identity: { ...identity, clientId } } };
}

/** Whether another client id than the client's own would be refused, replaced, or have other rights. */
async function mustUseOwnId(target: ManagedBroker, port: number): Promise<boolean> {
  const [files, { line }] = await Promise.all([target.current(), target.describe()]);
  const listener = files && (await listenerFiles(files, line, port));
  const followsIds = listener?.acl?.value.patterns.some(({ topic }) => topic.includes('%c')) ?? false;
  const isPrefixed = listener?.clientIdPrefix !== undefined;
  return listener !== undefined && (listener.isClientIdForced || followsIds || isPrefixed);
}

export type Followers = {
  /** Gets all steps at every change. */
  readonly onSteps: (steps: readonly DoctorStep[]) => void;
  readonly onSend: NonNullable<Surroundings['onSend']>;
  /** By how much the clock of the plant is off, by what was heard of it, in milliseconds; undefined: not that is known. */
  readonly clockAheadMs?: () => number | undefined;
};

/** Walks the way and writes down who did. Never throws for what a broker does. */
export async function diagnose(
  context: OperationContext,
  plan: DiagnosisPlan,
  target: ManagedBroker | undefined,
  { onSteps, onSend, clockAheadMs }: Followers,
): Promise<Findings> {
  const { patient, permissions, about, broker } = plan;
  const surroundings = { ...surroundingsOf(context, plan, target), onSend };
  audit(context, 'connection.diagnose', about, {
    host: patient.host,
    port: patient.port,
    clientId: patient.identity.clientId,
    ...permissions,
  });
  const toFindings = ({ steps, suspicions }: Examination): Findings => {
    const aheadMs = clockAheadMs?.();
    const clock = aheadMs === undefined ? [] : [suspect('device/clock-off', clockBecause(aheadMs))];
    return { steps, causes: [...suspicions, ...clock].map(toCause) };
  };
  if (!broker) return toFindings(await examine(patient, surroundings, onSteps));
  return await withWayTo(context, broker, async (way) => {
    const openStream = streamTo(way, broker, patient.port);
    const helper = patient.exchanges ? await helperOf(context, broker, way) : undefined;
    return toFindings(await examine({ ...patient, openStream }, { ...surroundings, helper }, onSteps));
  });
}

const clockBecause = (aheadMs: number): string =>
  `by the time in its last signed message, it is ${clockWords(aheadMs)}${aheadMs < 0 ? '' : ' of'} this machine's clock`;

const toCause = ({ code, because }: Suspicion): Cause => ({ code, because: because ?? null, ...doctorCauses[code] });

function surroundingsOf(
  context: OperationContext,
  { broker, otherPorts, isTokenPort }: DiagnosisPlan,
  target: ManagedBroker | undefined,
): Surroundings {
  const authorities = authoritiesOf(context);
  return {
    now: () => context.clock.now(),
    latestKnown: latestKnown(context),
    otherPorts,
    isTokenPort,
    authorityPems: authorities.map(({ certificatePem }) => certificatePem),
    isRevoked: (serialNumber) => context.vault.certificates.get(serialNumber)?.state === 'revoked',
    readCrls: readCrlTimes,
    notPushedYet: broker && notPushedYet(context, broker),
    insight: target && insightOf(target),
    verifyPassword,
  };
}

const authoritiesOf = (context: OperationContext) =>
  context.vault.authorities.current() ? trustedAuthorities(context) : [];

function notPushedYet(context: OperationContext, broker: BrokerRow): string | undefined {
  if (broker.lastPushDigest === null) return 'nothing was pushed to this broker yet';
  return broker.lastPushDigest === registerDigest(context, broker)
    ? undefined
    : 'the register has changed since the last push to this broker';
}

/** What was written down once has been: a clock that shows less is behind. */
function latestKnown({ vault }: OperationContext): Date | undefined {
  const [latest] = vault.audit
    .list({ limit: 100 })
    .items.map(({ at }) => at)
    .sort()
    .reverse();
  return latest === undefined ? undefined : new Date(latest);
}

const insightOf = (target: ManagedBroker): BrokerInsight => ({
  line: async () => (await target.describe()).line,
  files: () => target.current(),
  log: () => target.eventLog(),
});

/** Over the broker's host where that is the way; undefined where the port is none of the broker's, or is reached straight. */
function streamTo(way: BrokerWay, { ports }: BrokerRow, port: number): Patient['openStream'] {
  const [listener] = Object.entries(ports).find(([, own]) => own === port) ?? [];
  return isListener(listener) ? way.listener(listener).openStream : undefined;
}

const isListener = (name: string | undefined): name is Listener =>
  name === 'mtls' || name === 'password' || name === 'token' || name === 'mqtt' || name === 'webSockets';

/** The console itself, who may read and write what plants do. Undefined where it cannot come in either. */
async function helperOf(
  context: OperationContext,
  broker: BrokerRow,
  way: BrokerWay,
): Promise<ProbeClient | undefined> {
  return await known(async () => {
    const seer = await seerOf(context, broker);
    return { listener: way.listener(seer.listener), identity: { ...seer.identity, clientId: doctorClientId() } };
  });
}

async function known<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/** One line more in the trail, when it is known what came of it. */
export const noteDiagnosis = (
  context: OperationContext,
  { about }: DiagnosisPlan,
  { causes: [likeliest] }: Findings,
): void => audit(context, 'connection.diagnosed', about, { cause: likeliest?.code ?? null });

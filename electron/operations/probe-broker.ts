// After a push every listener must prove itself. The refusals matter most: a broker that fell open accepts everything.
// What is asked follows from the files that are in force: a broker that was just put back to an older set is asked for
// what that set can answer.

import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import type { ProbeReport, ProbeResult } from '../../shared/model/probe.ts';
import { allPlantsFilter, plantTopic } from '../../shared/model/topics.ts';
import { type ProbeClient, probeConnect, probeDelivery, probeRead, probeWrite } from '../broker/probe.ts';
import type { BrokerRow, ProbeAccountRow } from '../vault/rows/brokers.ts';
import { type BrokerWay, type Listener, portOf, withWayTo } from './broker-way.ts';
import { consoleCredential } from './console-account.ts';
import type { OperationContext } from './context.ts';
import { probeClientId } from './own-sessions.ts';
import { probeBatteries, type Showing } from './probe-batteries.ts';
import { doorsOf } from './probe-doors.ts';
import { prepareProbeAccount } from './probe-identities.ts';

/** Asks every listener that `files` open; never throws for what the broker does. */
export async function probeBroker(
  context: OperationContext,
  broker: BrokerRow,
  files: BrokerFiles,
  after: ProbeReport['after'],
): Promise<ProbeReport> {
  const results = await withWayTo(context, broker, (way) => askListeners(context, broker, files, way));
  return { after, results };
}

async function askListeners(
  context: OperationContext,
  broker: BrokerRow,
  files: BrokerFiles,
  way: BrokerWay,
): Promise<ProbeResult[]> {
  const account = await prepareProbeAccount(context, broker.brokerId);
  const seer = await seerOf(context, broker);
  const batteries = await probeBatteries(context, broker, account, doorsOf(files), seer.identity);
  const client = clientMaker(way);
  const console = () => client(seer.listener, seer.identity);
  const foreignTopic = plantTopic(neighbourOf(account), 'telemetry');
  const ownTopic = plantTopic(account.plantId, 'telemetry');
  const results = await Promise.all(
    batteries.map(async ({ listener, knocks, account: who, isolates }) => {
      const port = portOf(broker, listener);
      const entered = await Promise.all(
        knocks.map(async ({ name, identity, expected }) => {
          const knock = client(listener, identity);
          const answer = await probeConnect(knock.listener, knock.identity);
          const reason = 'reason' in answer ? answer.reason : null;
          return result(listener, port, name, expected, answer.outcome, reason);
        }),
      );
      if (!who) return entered;
      const plant = () => client(listener, who);
      const foreign = () => ({ owner: console(), witness: console(), outsider: plant(), topic: foreignTopic });
      const own = { speaker: plant(), listener: console(), topic: ownTopic, filter: allPlantsFilter };
      const isolation = async () =>
        Promise.all([
          probeRead(foreign()).then((answer) => ({ name: "reading another plant's topic", answer })),
          probeWrite(foreign()).then((answer) => ({ name: "writing another plant's topic", answer })),
        ]);
      const [kept, seen] = await Promise.all([isolates ? isolation() : [], probeDelivery(own)]);
      return [
        ...entered,
        ...kept.map(({ name, answer }) => result(listener, port, name, 'silent', answer)),
        result(listener, port, 'what a plant says, in the console', 'heard', seen),
      ];
    }),
  );
  return results.flat();
}

/** Throws `broker/probe-failed` naming the first probe that was answered otherwise, and how many. */
export function assertAnswered({ results }: ProbeReport): void {
  const wrong = results.filter(({ ok }) => !ok);
  const first = wrong[0];
  if (!first) return;
  throw new ConsoleError('broker/probe-failed', {
    because: `${describeResult(first)}${wrong.length > 1 ? `, and ${wrong.length - 1} more probes` : ''}`,
    details: { probe: first.name, port: first.port, failed: wrong.map(describeResult) },
  });
}

export function describeResult({ name, port, expected, outcome, reason }: ProbeResult): string {
  return `${name} on port ${port} should be ${expected}, was ${outcome}${reason ? ` (${reason})` : ''}`;
}

const result = (
  listener: Listener,
  port: number,
  name: string,
  expected: ProbeResult['expected'],
  outcome: ProbeResult['outcome'],
  reason: string | null = null,
): ProbeResult => ({ listener, port, name, expected, outcome, ok: outcome === expected, reason });

/** The console as a client that sees every plant, and where it comes in. */
export async function seerOf(
  context: OperationContext,
  broker: BrokerRow,
): Promise<{ readonly listener: Listener; readonly identity: Showing }> {
  const credential = await consoleCredential(context, broker);
  switch (credential.kind) {
    case 'certificate': {
      const { certificatePem, privateKeyPem: keyPem } = credential;
      return { listener: 'mtls', identity: { certificatePem, keyPem } };
    }
    case 'password': {
      const { username, password } = credential;
      return { listener: 'mqtt', identity: { username, password } };
    }
  }
}

function clientMaker(way: BrokerWay) {
  return (listener: Listener, identity: Showing): ProbeClient => ({
    listener: way.listener(listener),
    identity: { ...identity, clientId: probeClientId() },
  });
}

/** The identifiers in whose name the console speaks to probe the broker; none before the first push. */
export function probeIds({ vault }: OperationContext, brokerId: string): readonly PlantId[] {
  const account = vault.brokers.probeAccount(brokerId);
  return account ? [account.plantId, neighbourOf(account)] : [];
}

/** Another id that belongs to no plant, the same at every push: probes leave few topics behind in a monitor. */
function neighbourOf({ plantId }: ProbeAccountRow) {
  const last = Number.parseInt(plantId.slice(-1), 16);
  return plantIdSchema.parse(`${plantId.slice(0, -1)}${((last + 1) % 16).toString(16)}`);
}

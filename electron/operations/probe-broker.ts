// After a push every listener must prove itself. The refusals matter most: a broker that fell open accepts everything.
// What is asked follows from the files that are in force: a broker that was just put back to an older set is asked for
// what that set can answer.

import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import type { ProbeReport, ProbeResult } from '../../shared/model/probe.ts';
import { allPlantsFilter, plantTopic } from '../../shared/model/topics.ts';
import { type ProbeClient, probeConnect, probeDelivery, probeRead, probeWrite } from '../broker/probe.ts';
import { randomHex } from '../platform/random.ts';
import type { BrokerRow, ProbeAccountRow } from '../vault/rows.ts';
import { type BrokerWay, withWayTo } from './broker-way.ts';
import { consoleIdentity } from './console-identity.ts';
import type { OperationContext } from './context.ts';
import { type Listener, probeBatteries, type Showing } from './probe-batteries.ts';
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
  const { certificatePem, privateKeyPem } = await consoleIdentity(context);
  const seer = { certificatePem, keyPem: privateKeyPem };
  const batteries = await probeBatteries(context, account, doorsOf(files, account), seer);
  const client = clientMaker(broker, way);
  const foreignTopic = plantTopic(neighbourOf(account), 'telemetry');
  const ownTopic = plantTopic(account.plantId, 'telemetry');
  const results = await Promise.all(
    batteries.map(async ({ listener, knocks, account: who }) => {
      const port = broker.ports[listener];
      const entered = await Promise.all(
        knocks.map(async ({ name, identity, expected }) => {
          const knock = client(listener, identity);
          const answer = await probeConnect(knock.listener, knock.identity);
          const reason = 'reason' in answer ? answer.reason : null;
          return result(listener, port, name, expected, answer.outcome, reason);
        }),
      );
      if (!who) return entered;
      const parts = () => ({
        owner: client('mtls', seer),
        witness: client('mtls', seer),
        outsider: client(listener, who),
        topic: foreignTopic,
      });
      const ownParts = {
        speaker: client(listener, who),
        listener: client('mtls', seer),
        topic: ownTopic,
        filter: allPlantsFilter,
      };
      const [read, write, seen] = await Promise.all([probeRead(parts()), probeWrite(parts()), probeDelivery(ownParts)]);
      return [
        ...entered,
        result(listener, port, "reading another plant's topic", 'silent', read),
        result(listener, port, "writing another plant's topic", 'silent', write),
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

/** A client with an id of its own: two of one id would end each other's sessions. */
function clientMaker({ ports }: BrokerRow, way: BrokerWay) {
  return (listener: Listener, identity: Showing): ProbeClient => ({
    listener: way.listener(ports[listener]),
    identity: { ...identity, clientId: `voke-probe-${randomHex(6)}` },
  });
}

/** Another id that belongs to no plant, the same at every push: probes leave few topics behind in a monitor. */
function neighbourOf({ plantId }: ProbeAccountRow) {
  const last = Number.parseInt(plantId.slice(-1), 16);
  return plantIdSchema.parse(`${plantId.slice(0, -1)}${((last + 1) % 16).toString(16)}`);
}

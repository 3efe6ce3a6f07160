// After a push every listener must prove itself. The refusals matter most: a broker that fell open accepts everything.

import { randomUUID } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { type ProbeIdentity, type ProbeListener, probeConnect, probeRead } from '../broker/probe.ts';
import { randomAlphanumeric, randomHex } from '../platform/random.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import type { ConsoleIdentity } from './console-identity.ts';
import type { OperationContext } from './context.ts';
import { signPlantToken } from './plant-tokens.ts';

const probeTokenSeconds = 120;

type Probe = {
  readonly name: string;
  readonly listener: ProbeListener;
  readonly identity: ProbeIdentity;
  readonly expected: 'accepted' | 'refused';
};

/**
 * Asks every listener with right and wrong credentials, and whether an outsider hears a plant.
 * Throws `broker/probe-failed` naming the first probe that answered otherwise.
 */
export async function probeBroker(
  context: OperationContext,
  broker: BrokerRow,
  options: { readonly console: ConsoleIdentity; readonly hasTokenListener: boolean },
): Promise<void> {
  const authorityPem = requireAuthority(context).certificatePem;
  const listener = (port: number): ProbeListener => ({
    host: '127.0.0.1',
    port,
    authorityPem,
    serverName: broker.host,
  });
  const consoleIdentity = () => ({
    clientId: probeClientId(),
    certificatePem: options.console.certificatePem,
    keyPem: options.console.privateKeyPem,
  });
  const mtls = listener(broker.ports.mtls);
  const probes: Probe[] = [
    { name: 'the console with its certificate', listener: mtls, identity: consoleIdentity(), expected: 'accepted' },
    {
      name: 'somebody without a certificate',
      listener: mtls,
      identity: { clientId: probeClientId() },
      expected: 'refused',
    },
    {
      name: 'a wrong password',
      listener: listener(broker.ports.password),
      identity: { clientId: probeClientId(), username: 'plc-00000000', password: randomAlphanumeric(32) },
      expected: 'refused',
    },
    {
      name: 'somebody without a password',
      listener: listener(broker.ports.password),
      identity: { clientId: probeClientId() },
      expected: 'refused',
    },
  ];
  if (!options.hasTokenListener) {
    await runProbes(probes);
    return;
  }

  const outsiderId = plantIdSchema.parse(randomUUID());
  const { token } = await signPlantToken(context, outsiderId, probeTokenSeconds);
  const tokenListener = listener(broker.ports.token);
  const outsider = { clientId: probeClientId(), username: outsiderId, password: token };
  await runProbes([
    ...probes,
    { name: 'a right token', listener: tokenListener, identity: outsider, expected: 'accepted' },
    {
      name: 'a token for another plant',
      listener: tokenListener,
      identity: { ...outsider, clientId: probeClientId(), username: randomUUID() },
      expected: 'refused',
    },
    {
      name: 'a token with a broken signature',
      listener: tokenListener,
      identity: { ...outsider, clientId: probeClientId(), password: brokenSignature(token) },
      expected: 'refused',
    },
  ]);
  const isolation = await probeRead({
    owner: { listener: mtls, identity: consoleIdentity() },
    witness: { listener: mtls, identity: consoleIdentity() },
    outsider: { listener: tokenListener, identity: outsider },
    topic: plantTopic(randomUUID(), 'telemetry'),
  });
  if (isolation !== 'silent') {
    throw probeFailed("an outsider on another plant's topic", `it should hear nothing, and that was ${isolation}`);
  }
}

async function runProbes(probes: readonly Probe[]): Promise<void> {
  const answers = await Promise.all(probes.map(({ listener, identity }) => probeConnect(listener, identity)));
  probes.forEach(({ name, listener, expected }, index) => {
    const answer = answers[index];
    if (answer?.outcome === expected) return;
    const reason = answer && 'reason' in answer ? ` (${answer.reason})` : '';
    throw probeFailed(name, `on port ${listener.port} should be ${expected}, was ${answer?.outcome}${reason}`);
  });
}

const probeFailed = (probe: string, because: string): ConsoleError =>
  new ConsoleError('broker/probe-failed', { because: `${probe} ${because}`, details: { probe } });

const probeClientId = () => `voke-probe-${randomHex(6)}`;

/** Another first character of the signature: the last ones may carry no bits. */
const brokenSignature = (token: string): string => {
  const start = token.lastIndexOf('.') + 1;
  return `${token.slice(0, start)}${token[start] === 'A' ? 'B' : 'A'}${token.slice(start + 1)}`;
};

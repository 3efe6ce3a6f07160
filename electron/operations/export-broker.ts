// The register as files for a broker that nobody can reach. The broker is not asked anything: what it runs is what the
// operator says, and what others wrote in its files cannot be kept.

import { type BrokerTarget, defaultContainerName, defaultImage } from '../../shared/model/broker.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { packBrokerExport, rootName } from '../broker/export/pack.ts';
import { lintBrokerFiles } from '../broker/lint.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { renderBroker } from './broker-files.ts';
import { audit, type OperationContext } from './context.ts';

export type ExportOptions = {
  readonly mosquitto: BrokerLine;
  /** Absolute path of the token listener's plugin on the broker's machine; left out, that listener is left out. */
  readonly jwtPlugin?: string | undefined;
};

export type ExportedBroker = { readonly fileName: string; readonly content: Uint8Array<ArrayBuffer> };

/** A directory that a Mosquitto from Debian's package can read, and that nothing else uses. */
const serviceDirectory = '/etc/mosquitto/voke';

const foreignNotice =
  'What others wrote in files of these names on the broker is not in this archive, and is replaced; install.sh keeps it as the previous set.';

/** Throws `authority/absent`, and `broker/invalid-files` for what a broker would refuse. */
export async function exportBroker(
  context: OperationContext,
  broker: BrokerRow,
  options: ExportOptions,
): Promise<ExportedBroker> {
  const { mosquitto: line, jwtPlugin = null } = options;
  const place = placeOf(broker.target);
  const { configDirectory } = place;
  const runtime = { line, configDirectory, jwtPlugin, account: null };
  const { files, notices } = await renderBroker(context, broker, runtime, 'to leave');
  const writtenAt = context.clock.now();
  await lintBrokerFiles(files, { line, configDirectory, now: writtenAt, profile: broker.profile });
  const content = await packBrokerExport({
    ...place,
    brokerName: broker.name,
    ports: openPorts(broker, jwtPlugin !== null),
    files,
    line,
    writtenAt,
    notices: [...notices, foreignNotice],
  });
  audit(context, 'broker.export', broker.brokerId, { files: files.map(({ name }) => name), mosquitto: line });
  return { fileName: `${rootName(broker.name)}.tar`, content };
}

function openPorts(broker: BrokerRow, hasTokenListener: boolean): number[] {
  if (broker.profile === 'plantops') return Object.values(broker.ports);
  const { mtls, password, token } = broker.ports;
  return [mtls, password, ...(hasTokenListener ? [token] : [])];
}

/** Where the files go, and what a container is called and made from. */
function placeOf(target: BrokerTarget) {
  const usual = { configDirectory: serviceDirectory, containerName: defaultContainerName, image: defaultImage };
  switch (target.kind) {
    case 'docker': {
      const { configDirectory, container, create } = target;
      const containerName = container.by === 'name' ? container.name : defaultContainerName;
      return { configDirectory, containerName, image: create?.image ?? defaultImage };
    }
    case 'ssh': {
      const { configDirectory, control } = target;
      return { ...usual, configDirectory, ...(control.kind === 'container' && { containerName: control.name }) };
    }
    case 'process':
    case 'practice':
      return usual;
  }
}

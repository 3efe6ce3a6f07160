// The texts that go with an exported broker of the `celine` profile. Values stand in compose.yaml as JSON, which YAML
// reads as it is; Compose takes `$` for the beginning of a variable, so it is doubled.

import { type CelineExport, documentVariantNotice } from '../../../../shared/model/policy-celine.ts';
import { readResource } from '../../../platform/resources.ts';
import { fileNames } from '../../file-names.ts';
import { celinePlaces } from '../../profiles/celine.ts';
import { fillTemplate, oneLine } from '../templates.ts';
import { serviceEntry } from './service-sources.ts';

export const nodeImage = 'node:24-alpine';
export const redisImage = 'redis:7.4-alpine';

export type CelineTexts = {
  readonly settings: CelineExport;
  readonly policyArguments: readonly string[];
  readonly notices: readonly string[];
  readonly writtenAt: string;
  /** When the first of the certificates ends, as a day. */
  readonly expiry: string;
};

const images = ({ image, cacheSeconds }: CelineExport): string[] => [
  image,
  nodeImage,
  ...(cacheSeconds === 0 ? [] : [redisImage]),
];

const openPorts = ({ ports: { tls, plain } }: CelineExport): number[] => [tls, ...(plain === null ? [] : [plain])];

const quoted = (value: string | readonly string[]): string =>
  (typeof value === 'string'
    ? JSON.stringify(value)
    : `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
  ).replaceAll('$', '$$$$');

/** A compose file that `docker compose config` accepts. */
export async function renderCelineCompose({ settings, policyArguments }: CelineTexts): Promise<string> {
  const hasRedis = settings.cacheSeconds > 0;
  return fillTemplate(await readResource('celine/compose.yaml'), {
    brokerName: oneLine(settings.host),
    image: quoted(settings.image),
    confPath: quoted(`${celinePlaces.conf}/${fileNames.conf}`),
    dependsOn: quoted([celinePlaces.policyHost, ...(hasRedis ? [celinePlaces.redisHost] : [])]),
    authorityPath: quoted(`${celinePlaces.conf}/${fileNames.authority}`),
    ports: openPorts(settings)
      .map((port) => `      - "${port}:${port}"`)
      .join('\n'),
    confMount: quoted(`./mosquitto:${celinePlaces.conf}:ro`),
    dataMount: quoted(`data:${celinePlaces.data}`),
    nodeImage: quoted(nodeImage),
    policyCommand: quoted(['node', `/app/${serviceEntry}`, ...policyArguments]),
    policyMount: quoted(`./policy:${celinePlaces.policy}:ro`),
    redis: hasRedis ? fillTemplate(await readResource('celine/redis.yaml'), { redisImage: quoted(redisImage) }) : '',
  });
}

export async function renderCelineReadme({ settings, notices, writtenAt, expiry }: CelineTexts): Promise<string> {
  const { mode, host, mosquitto, cacheSeconds, ports } = settings;
  return fillTemplate(await readResource('celine/README.txt'), {
    brokerName: oneLine(host),
    underline: '='.repeat(host.length),
    writtenAt,
    line: mosquitto,
    notices: notices.map((notice) => `\n${oneLine(notice)}\n`).join(''),
    redisWords: cacheSeconds > 0 ? ' and redis' : '',
    imageList: images(settings)
      .map((image) => `    ${image}`)
      .join('\n'),
    pullCommands: images(settings)
      .map((image) => `    docker pull ${image}`)
      .join('\n'),
    images: images(settings).join(' '),
    host,
    tlsPort: String(ports.tls),
    login: mode === 'jwt' ? '-u "$TOKEN" -P unused' : '-u "$SUBJECT" -P "$TOKEN"',
    subjectWords: mode === 'jwt' ? '' : ', and its subject (sub) in $SUBJECT',
    document: mode === 'document' ? ` ${documentVariantNotice}` : '',
    cacheWords: cacheSeconds > 0 ? `after ${cacheSeconds} seconds at most` : 'it keeps none',
    expiry,
  });
}

// The texts that go with an exported broker. Every value is written in the syntax of the file that it goes into.

import { posix } from 'node:path';
import { readResource } from '../../platform/resources.ts';
import { fileNames } from '../file-names.ts';
import { filesDirectory } from './names.ts';

export type TemplateValues = {
  readonly brokerName: string;
  /** As the broker sees it. */
  readonly configDirectory: string;
  readonly ports: readonly number[];
  readonly image: string;
  readonly containerName: string;
};

/** A compose file that `docker compose config` accepts. */
export async function renderCompose(values: TemplateValues): Promise<string> {
  return fillTemplate(await readResource('broker/compose.yaml'), {
    brokerName: oneLine(values.brokerName),
    image: JSON.stringify(values.image),
    containerName: JSON.stringify(values.containerName),
    confPath: JSON.stringify(confPath(values)),
    ports: values.ports.map((port) => `      - "${port}:${port}"`).join('\n'),
    mount: JSON.stringify(`./${filesDirectory}:${values.configDirectory}`),
  });
}

/** A drop-in for Debian's mosquitto.service; see systemd.unit(5). */
export async function renderDropIn(values: TemplateValues): Promise<string> {
  return fillTemplate(await readResource('broker/systemd-drop-in.conf'), {
    brokerName: oneLine(values.brokerName),
    confPath: confPath(values),
  });
}

export async function renderReadme(
  values: TemplateValues,
  facts: { readonly line: string; readonly writtenAt: string; readonly notices: readonly string[] },
): Promise<string> {
  const brokerName = oneLine(values.brokerName);
  return fillTemplate(await readResource('broker/README.txt'), {
    brokerName,
    underline: '='.repeat([...brokerName].length),
    writtenAt: facts.writtenAt,
    line: facts.line,
    ports: values.ports.join(', '),
    containerName: values.containerName,
    notices: facts.notices.map((notice) => `\n${oneLine(notice)}\n`).join(''),
  });
}

const confPath = ({ configDirectory }: TemplateValues): string => posix.join(configDirectory, fileNames.conf);

export const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** Puts the values into the template's `{{places}}`; each must have one. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has an unknown place: ${name}`);
    return value;
  });
}

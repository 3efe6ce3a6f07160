import type { Conf, ConfListener, ConfOption, ConfPlugin } from './conf.ts';

/** The lines of a listener. A plugin that was loaded before is only named. */
export const listenerLines = (listener: ConfListener): string[] => [
  `listener ${listener.port}${listener.address === null ? '' : ` ${listener.address}`}`,
  ...listener.options.map(optionLine),
  ...listener.plugins.flatMap((plugin) =>
    plugin.name === undefined ? pluginLines(plugin) : [`plugin_use ${plugin.name}`],
  ),
];

const optionLine = ({ keyword, value }: ConfOption): string => `${keyword} ${value}`;

const pluginLines = (plugin: ConfPlugin): string[] => [
  plugin.name === undefined ? `plugin ${plugin.path}` : `plugin_load ${plugin.name} ${plugin.path}`,
  ...plugin.options.map(({ keyword, value }) => `plugin_opt_${keyword} ${value}`),
  ...(plugin.denySpecialChars === undefined ? [] : [`auth_plugin_deny_special_chars ${plugin.denySpecialChars}`]),
];

/** The text of a mosquitto.conf. Throws RangeError for a value that would not be read back as it is. */
export function renderConf(conf: Conf, heading: readonly string[] = []): string {
  const lines = [
    ...heading.map((text) => `# ${text}`),
    ...conf.options.map(optionLine),
    ...conf.plugins.flatMap(pluginLines),
    ...conf.listeners.flatMap((listener) => ['', ...listenerLines(listener)]),
    ...conf.bridges.flatMap(({ name, options }) => ['', `connection ${name}`, ...options.map(optionLine)]),
  ];
  const split = lines.findIndex((line) => /[\r\n]/.test(line) || line !== line.trim());
  if (split !== -1) throw new RangeError(`mosquitto.conf line ${split + 1} has a line break or white space at an end`);
  return `${lines.join('\n')}\n`;
}

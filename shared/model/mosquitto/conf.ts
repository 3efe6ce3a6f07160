// mosquitto.conf (mosquitto.conf(5)): `keyword value` lines; a `listener` line opens a listener.
// - A comment begins in the first column; behind a value it becomes part of the value.
// - `per_listener_settings true` comes before every security option.
// - A listener's option before any listener makes Mosquitto open port 1883 on all interfaces.

import { type BrokerLine, confOptionTypes, pluginOptionPrefixes } from './conf-options.ts';
import { type Fault, type Parsed, strangeCharacters } from './fault.ts';

export type ConfOption = { readonly keyword: string; readonly value: string };

export type ConfPlugin = {
  readonly path: string;
  /** Without their `plugin_opt_`. */
  readonly options: readonly ConfOption[];
};

export type ConfListener = {
  /** 0 for a Unix socket, whose path is the address. */
  readonly port: number;
  readonly address: string | null;
  readonly options: readonly ConfOption[];
  readonly plugins: readonly ConfPlugin[];
};

/** `plugins` of the whole broker stand beside those of a listener. */
export type Conf = {
  readonly options: readonly ConfOption[];
  readonly plugins: readonly ConfPlugin[];
  readonly listeners: readonly ConfListener[];
};

type Section = { options: ConfOption[]; plugins: { path: string; options: ConfOption[] }[] };

/** The last value of a keyword, as the broker keeps it. */
export const optionValue = (options: readonly ConfOption[], keyword: string): string | undefined =>
  options.findLast((option) => option.keyword === keyword)?.value;

export const optionIsTrue = (options: readonly ConfOption[], keyword: string): boolean =>
  optionValue(options, keyword) === 'true';

/** Reads a mosquitto.conf as strictly as brokers of this line do, and notes what they would take otherwise than meant. */
export function parseConf(text: string, line: BrokerLine): Parsed<Conf> {
  const reader = new ConfReader(line);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, raw] of lines.entries()) reader.read(raw.replace(/\r+$/, ''), index + 1);
  return { value: reader.conf, faults: reader.faults };
}

class ConfReader {
  readonly faults: Fault[] = [];
  readonly conf: Section & { listeners: (Section & { port: number; address: string | null })[] } = {
    options: [],
    plugins: [],
    listeners: [],
  };
  readonly #brokerLine: BrokerLine;
  #number = 0;
  #securitySeen = false;
  #plugin: { path: string; options: ConfOption[] } | undefined;

  constructor(brokerLine: BrokerLine) {
    this.#brokerLine = brokerLine;
  }

  read(line: string, number: number): void {
    this.#number = number;
    if (line === '' || line.startsWith('#')) return;
    const [, keyword = '', rest = ''] = /^ *([^ ]*) *(.*)$/.exec(line) ?? [];
    if (keyword === '') return;
    const value = rest.trim();
    const problem = strangeCharacters(value);
    if (problem !== undefined) this.#fault('misread', `the value of ${keyword} ${problem}`);
    if (/ #/.test(value)) this.#fault('misread', `the comment behind ${keyword} becomes part of its value`);

    const prefix = pluginOptionPrefixes.find((start) => keyword.startsWith(start));
    if (keyword === 'listener') this.#readListener(value);
    else if (keyword === 'plugin' || keyword === 'auth_plugin') this.#readPlugin(value);
    else if (prefix !== undefined) this.#readPluginOption(keyword.slice(prefix.length), value);
    else this.#readOption(keyword, value);
  }

  #fault(effect: Fault['effect'], reason: string): void {
    this.faults.push({ line: this.#number, effect, reason });
  }

  #readListener(value: string): void {
    const [port = '', ...rest] = value.split(/ +/);
    const address = rest.join(' ') || null;
    if (!/^(0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535)
      this.#fault('refused', 'the port of the listener is not a number from 0 to 65535');
    if (port === '0' && address === null) this.#fault('refused', 'a listener on port 0 needs the path of a socket');
    if (port !== '0' && rest.length > 1) this.#fault('misread', 'what stands behind the address is passed over');
    if (this.conf.listeners.some((other) => port !== '0' && other.port === Number(port) && other.address === address))
      this.#fault('refused', 'two listeners have the same port and address');
    this.conf.listeners.push({ port: Number(port), address, options: [], plugins: [] });
    this.#plugin = undefined;
  }

  #readPlugin(path: string): void {
    if (path === '') {
      this.#fault('refused', 'the path of the plugin is missing');
      return;
    }
    const section = this.#section('security', 'plugin');
    this.#plugin = { path, options: [] };
    section.plugins.push(this.#plugin);
  }

  #readPluginOption(keyword: string, value: string): void {
    if (this.#plugin === undefined) {
      this.#fault('refused', 'a plugin option stands before any plugin');
      return;
    }
    if (keyword === '' || value === '') {
      this.#fault('refused', 'a plugin option has no name or no value');
      return;
    }
    if (optionValue(this.#plugin.options, keyword) !== undefined)
      this.#fault('misread', `the plugin option ${keyword} stands twice`);
    this.#plugin.options.push({ keyword, value });
  }

  #readOption(keyword: string, value: string): void {
    const type = confOptionTypes.get(keyword);
    if (type === undefined || (type.only !== undefined && type.only !== this.#brokerLine)) {
      this.#fault('refused', `Mosquitto ${this.#brokerLine} has no option with this name`);
      return;
    }
    if (value === '') {
      this.#fault('refused', `${keyword} has no value`);
      return;
    }
    if (keyword === 'per_listener_settings' && this.#securitySeen)
      this.#fault('refused', 'per_listener_settings must stand before every security option');

    const { options } = this.#section(type.scope, keyword);
    const twice = type.kind !== 'words' && optionValue(options, keyword) !== undefined;
    switch (type.kind) {
      case 'boolean': {
        const known = ['true', '1', 'false', '0'].includes(value);
        if (!known) this.#fault('refused', `${keyword} is neither true nor false`);
        if (twice) this.#fault('misread', `${keyword} stands twice; the last one counts`);
        options.push({ keyword, value: value === 'true' || value === '1' ? 'true' : 'false' });
        break;
      }
      case 'number':
        if (!/^-?(0|[1-9]\d{0,9})$/.test(value) || Math.abs(Number(value)) > 0x7fffffff)
          this.#fault('refused', `${keyword} is not a whole number`);
        if (twice) this.#fault('misread', `${keyword} stands twice; the last one counts`);
        options.push({ keyword, value });
        break;
      case 'string':
        if (twice) this.#fault('refused', `${keyword} stands twice`);
        options.push({ keyword, value });
        break;
      case 'words':
        options.push({ keyword, value });
        break;
      default:
        type.kind satisfies never;
    }
  }

  /** Where an option belongs. */
  #section(scope: 'broker' | 'listener' | 'security', keyword: string): Section {
    if (scope === 'security') this.#securitySeen = true;
    const ofListener =
      scope === 'listener' || (scope === 'security' && optionIsTrue(this.conf.options, 'per_listener_settings'));
    if (!ofListener) return this.conf;
    const listener = this.conf.listeners.at(-1);
    if (listener === undefined)
      this.#fault('misread', `${keyword} before any listener makes the broker open port 1883 on all interfaces`);
    return listener ?? this.conf;
  }
}

/** The text of a mosquitto.conf. Throws RangeError for a value that would not be read back as it is. */
export function renderConf(conf: Conf, heading: readonly string[] = []): string {
  const options = (list: readonly ConfOption[]) => list.map(({ keyword, value }) => `${keyword} ${value}`);
  const plugins = (list: readonly ConfPlugin[]) =>
    list.flatMap((plugin) => [
      `plugin ${plugin.path}`,
      ...plugin.options.map(({ keyword, value }) => `plugin_opt_${keyword} ${value}`),
    ]);
  const lines = [
    ...heading.map((text) => `# ${text}`),
    ...options(conf.options),
    ...plugins(conf.plugins),
    ...conf.listeners.flatMap((listener) => [
      '',
      `listener ${listener.port}${listener.address === null ? '' : ` ${listener.address}`}`,
      ...options(listener.options),
      ...plugins(listener.plugins),
    ]),
  ];
  const split = lines.findIndex((line) => /[\r\n]/.test(line) || line !== line.trim());
  if (split !== -1) throw new RangeError(`mosquitto.conf line ${split + 1} has a line break or white space at an end`);
  return `${lines.join('\n')}\n`;
}

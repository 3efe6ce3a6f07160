// mosquitto.conf (mosquitto.conf(5)): `keyword value` lines; a `listener` line opens a listener, a `connection` line
// a bridge.
// - A comment begins in the first column; behind a value it becomes part of the value.
// - `per_listener_settings true` comes before every security option.
// - A listener's option before any listener makes Mosquitto open port 1883 on all interfaces.
// - Options of the whole broker may stand anywhere; those of a bridge belong to the last `connection`.

import { bridgeOptionProblem, bridgeProblem, type ConfBridge } from './conf-bridge.ts';
import { type ConfOption, optionIsTrue, optionValue } from './conf-option.ts';
import {
  type BrokerLine,
  type ConfOptionType,
  confOptionTypes,
  defaultListenerOptions,
  type OptionScope,
  pluginOptionPrefixes,
} from './conf-options.ts';
import { valueProblem } from './conf-values.ts';
import { type Fault, fileLines, nulFault, type Parsed, strangeCharacters } from './fault.ts';

export { type ConfOption, optionIsTrue, optionValue } from './conf-option.ts';

export type ConfPlugin = {
  readonly path: string;
  /** Without their `plugin_opt_`. */
  readonly options: readonly ConfOption[];
  /** `plugin_load NAME PATH` (2.1): in force only for the listeners that `plugin_use` it. */
  readonly name?: string;
  /** `auth_plugin_deny_special_chars`: whether + and # (on 2.1 also /) in a username or client id deny every access. */
  readonly denySpecialChars?: boolean;
};

export type ConfListener = {
  /** 0 for a Unix socket, whose path is the address. */
  readonly port: number;
  readonly address: string | null;
  readonly options: readonly ConfOption[];
  /** Its own, and the loaded ones that it uses. */
  readonly plugins: readonly ConfPlugin[];
};

/** `plugins` of the whole broker, in force or only loaded, stand beside those of a listener. */
export type Conf = {
  readonly options: readonly ConfOption[];
  readonly plugins: readonly ConfPlugin[];
  readonly listeners: readonly ConfListener[];
  readonly bridges: readonly ConfBridge[];
};

type Plugin = { path: string; options: ConfOption[]; name?: string; denySpecialChars?: boolean };
type Section = { options: ConfOption[]; plugins: Plugin[] };

const pluginWords: readonly string[] = ['plugin', 'auth_plugin', 'global_plugin', 'plugin_load', 'plugin_use'];
const wordsOf21: readonly string[] = ['global_plugin', 'plugin_load', 'plugin_use'];
const maxValueLength = 65_535;

/** A line's keyword and value, as the broker takes them apart; undefined for a comment or an empty line. */
export function splitConfLine(line: string): ConfOption | undefined {
  if (line === '' || line.startsWith('#')) return undefined;
  const [, keyword = '', value = ''] = /^ *([^ ]*) *(.*?) *$/s.exec(line) ?? [];
  return keyword === '' ? undefined : { keyword, value };
}

/** What an option belongs to; undefined for a word that opens a section, and for one that no broker knows. */
export function confScope(keyword: string): OptionScope | 'plugin' | undefined {
  if (pluginWords.includes(keyword) || pluginOptionPrefixes.some((prefix) => keyword.startsWith(prefix)))
    return 'plugin';
  if (keyword === 'auth_plugin_deny_special_chars') return 'plugin';
  return confOptionTypes.get(keyword)?.scope;
}

/** A file's lines without their line ends. */
export const confLines = (text: string): string[] => fileLines(text).map((line) => line.replace(/\r+$/, ''));

/** Reads a mosquitto.conf as strictly as brokers of this line do, and notes what they would take otherwise than meant. */
export function parseConf(text: string, line: BrokerLine): Parsed<Conf> {
  const reader = new ConfReader(line);
  for (const [index, raw] of confLines(text).entries()) reader.read(raw, index + 1);
  reader.end();
  return { value: reader.conf, faults: reader.faults };
}

class ConfReader {
  readonly faults: Fault[] = [];
  readonly conf: Section & {
    listeners: (Section & { port: number; address: string | null })[];
    bridges: { name: string; options: ConfOption[] }[];
  } = { options: [], plugins: [], listeners: [], bridges: [] };
  readonly #brokerLine: BrokerLine;
  readonly #bridgeStarts: number[] = [];
  #number = 0;
  #securitySeen = false;
  #plugin: Plugin | undefined;

  constructor(brokerLine: BrokerLine) {
    this.#brokerLine = brokerLine;
  }

  read(line: string, number: number): void {
    this.#number = number;
    const nul = nulFault(line, number);
    if (nul !== undefined) this.faults.push(nul);
    const { keyword, value } = splitConfLine(line) ?? {};
    if (keyword === undefined || value === undefined) return;
    const problem = strangeCharacters(value);
    if (problem !== undefined) this.#fault('misread', `the value of ${keyword} ${problem}`);
    if (/ #/.test(value)) this.#fault('misread', `the comment behind ${keyword} becomes part of its value`);
    if (value.length > maxValueLength) this.#fault('refused', `the value of ${keyword} is too long`);

    const prefix = pluginOptionPrefixes.find((start) => keyword.startsWith(start));
    if (keyword === 'listener') this.#readListener(value);
    else if (keyword === 'connection') this.#readConnection(value);
    else if (defaultListenerOptions.has(keyword))
      this.#fault('misread', `${keyword} opens a listener of its own; write a listener line instead`);
    else if (pluginWords.includes(keyword)) this.#readPlugin(keyword, value);
    else if (prefix !== undefined) this.#readPluginOption(keyword.slice(prefix.length), value);
    else if (keyword === 'auth_plugin_deny_special_chars') this.#readDenySpecialChars(value);
    else this.#readOption(keyword, value);
  }

  /** What can be said of a bridge only when all of it was read. */
  end(): void {
    for (const [index, bridge] of this.conf.bridges.entries()) {
      this.#number = this.#bridgeStarts[index] ?? 0;
      const problem = bridgeProblem(bridge);
      if (problem !== undefined) this.#fault('refused', problem);
    }
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
    if (rest.length > 1) this.#fault('misread', 'what stands behind the address is passed over');
    const taken = this.conf.listeners.some(
      (other) =>
        other.port === Number(port) &&
        (other.address === address || (port !== '0' && (other.address === null || address === null))),
    );
    if (taken) this.#fault('refused', 'two listeners have the same port and address');
    this.conf.listeners.push({ port: Number(port), address, options: [], plugins: [] });
    this.#plugin = undefined;
  }

  #readConnection(value: string): void {
    if (value === '') this.#fault('refused', 'the name of the bridge is missing');
    if (/ /.test(value)) this.#fault('misread', 'what stands behind the name of the bridge is passed over');
    if (this.conf.bridges.some(({ name }) => name === value)) this.#fault('refused', 'two bridges have the same name');
    this.conf.bridges.push({ name: value, options: [] });
    this.#bridgeStarts.push(this.#number);
  }

  #readPlugin(keyword: string, value: string): void {
    if (wordsOf21.includes(keyword) && this.#brokerLine !== '2.1') {
      this.#unknownOption();
      return;
    }
    if (value === '') {
      this.#fault('refused', 'the path of the plugin is missing');
      return;
    }
    switch (keyword) {
      case 'plugin_load':
        this.#loadPlugin(value);
        break;
      case 'plugin_use':
        this.#takeLoadedPlugin(value);
        break;
      default:
        this.#plugin = { path: value, options: [] };
        (keyword === 'global_plugin' ? this.conf : this.#section('security', keyword)).plugins.push(this.#plugin);
    }
  }

  #loadPlugin(value: string): void {
    const [, name = '', path = ''] = /^([^ ]+) *(.*)$/s.exec(value) ?? [];
    if (path === '') this.#fault('refused', 'plugin_load takes a name and a path');
    if (this.conf.plugins.some((plugin) => plugin.name === name))
      this.#fault('refused', 'two plugins are loaded by the same name');
    this.#plugin = { path, options: [], name };
    this.conf.plugins.push(this.#plugin);
  }

  #takeLoadedPlugin(name: string): void {
    const plugin = this.conf.plugins.find((loaded) => loaded.name === name);
    const listener = this.conf.listeners.at(-1);
    if (plugin === undefined) this.#fault('refused', 'plugin_use names a plugin that was not loaded before');
    if (listener === undefined) this.#fault('refused', 'plugin_use stands before any listener');
    if (plugin === undefined || listener === undefined) return;
    this.#plugin = plugin;
    listener.plugins.push(plugin);
  }

  #readPluginOption(keyword: string, value: string): void {
    if (this.#plugin === undefined) {
      this.#fault('refused', 'a plugin option stands before any plugin');
      return;
    }
    if (keyword.length < 3 || value === '') {
      this.#fault('refused', 'a plugin option has no value, or a name of less than three characters');
      return;
    }
    if (optionValue(this.#plugin.options, keyword) !== undefined)
      this.#fault('misread', `the plugin option ${keyword} stands twice`);
    this.#plugin.options.push({ keyword, value });
  }

  #readDenySpecialChars(value: string): void {
    if (this.#plugin === undefined) this.#fault('refused', 'a plugin option stands before any plugin');
    if (!/^(?:true|false|0|1)$/.test(value))
      this.#fault('refused', 'auth_plugin_deny_special_chars is neither true nor false');
    else if (this.#plugin !== undefined) this.#plugin.denySpecialChars = truth(value) === 'true';
  }

  #readOption(keyword: string, value: string): void {
    const type = confOptionTypes.get(keyword);
    if (type === undefined || (type.only !== undefined && type.only !== this.#brokerLine)) {
      this.#unknownOption();
      return;
    }
    if (value === '') {
      this.#fault('refused', `${keyword} has no value`);
      return;
    }
    // 2.0 counts it among the security options, though it holds for the whole broker.
    if (keyword === 'check_retain_source') this.#securitySeen = true;
    if (keyword === 'per_listener_settings' && this.#securitySeen)
      this.#fault('refused', 'per_listener_settings must stand before every security option');
    const options = type.scope === 'bridge' ? this.#bridgeOptions() : this.#section(type.scope, keyword).options;
    if (options === undefined) {
      this.#fault('refused', `${keyword} stands before any connection`);
      return;
    }
    this.#checkValue(type, keyword, value, optionValue(options, keyword) !== undefined);
    const logFile = (option: ConfOption) => option.keyword === 'log_dest' && option.value.startsWith('file ');
    if (logFile({ keyword, value }) && options.some(logFile)) this.#fault('refused', 'there are two log files');
    options.push({ keyword, value: type.kind === 'boolean' ? truth(value) : value });
  }

  #checkValue({ kind }: ConfOptionType, keyword: string, value: string, twice: boolean): void {
    switch (kind) {
      case 'boolean':
        if (!/^(?:true|false|0|1)$/.test(value)) this.#fault('refused', `${keyword} is neither true nor false`);
        if (twice) this.#fault('misread', `${keyword} stands twice; the last one counts`);
        break;
      case 'number':
        if (!/^-?(0|[1-9]\d{0,9})$/.test(value) || Math.abs(Number(value)) > 0x7fffffff)
          this.#fault('refused', `${keyword} is not a whole number`);
        if (twice) this.#fault('misread', `${keyword} stands twice; the last one counts`);
        break;
      case 'string':
        if (twice) this.#fault('refused', `${keyword} stands twice`);
        break;
      case 'words':
        break;
      default:
        kind satisfies never;
    }
    const problem = valueProblem(keyword, value, this.#brokerLine) ?? bridgeOptionProblem(keyword, value);
    if (problem !== undefined) this.#fault('refused', problem);
  }

  #unknownOption(): void {
    this.#fault('refused', `Mosquitto ${this.#brokerLine} has no option with this name`);
  }

  #bridgeOptions(): ConfOption[] | undefined {
    return this.conf.bridges.at(-1)?.options;
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

const truth = (value: string): 'true' | 'false' => (value === 'true' || value === '1' ? 'true' : 'false');

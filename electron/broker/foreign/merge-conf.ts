// A mosquitto.conf that others write to as well.
// - The console owns the options that it writes, and the listeners on its ports: who gets in there, and how, is not
//   shared. Of such a listener only limits that somebody set are kept.
// - Everything else stays, in its order: other listeners, bridges, options of the whole broker, comments.
// - Where the console's listeners get settings of their own, security options of the whole broker would open a
//   listener that nobody asked for. They move into the listeners that they held for.

import {
  type ConfOption,
  confLines,
  confScope,
  optionIsTrue,
  parseConf,
  splitConfLine,
} from '../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import type { Fault } from '../../../shared/model/mosquitto/fault.ts';
import { isHeading, type MergedText, pushLine, type Refusal } from './foreign-file.ts';
import type { OwnedEntries } from './owned-entries.ts';

/** Plugins that the console loads have names that begin so. */
export const ownPluginPrefix = 'voke-';

/** What is kept of a managed listener: limits, and where it listens. */
const keptInOwnListeners: ReadonlySet<string> = new Set([
  ...['accept_protocol_versions', 'bind_interface', 'max_connections', 'max_qos', 'max_topic_alias'],
  ...['max_topic_alias_broker', 'maximum_qos', 'socket_domain', 'websockets_origin'],
]);

/** The console's whether it writes them this time or not. */
const alwaysOwned: readonly string[] = ['per_listener_settings', 'user'];

/** Undefined where nobody else wrote anything. */
export const mergeConf = (
  found: string,
  rendered: string,
  owned: OwnedEntries,
  refusal: Refusal,
  line: BrokerLine,
): MergedText | undefined => new ConfMerge(found, rendered, owned, refusal, line).merge();

class ConfMerge {
  readonly #refusal: Refusal;
  readonly #lines: readonly string[];
  readonly #faultAt: ReadonlyMap<number, Fault>;
  readonly #own: OwnConf;
  readonly #ownedPorts: ReadonlySet<number>;
  readonly #ownedKeywords: ReadonlySet<string>;
  readonly #becomesPerListener: boolean;
  /** Where `per_listener_settings true` stands. */
  readonly #perListenerLine: number;
  readonly #body: string[] = [];
  readonly #kept: string[] = [];
  /** Security options of the whole broker that must move into listeners. */
  readonly #moving: string[] = [];
  /** Where in the body the lines of somebody else's listeners begin. */
  readonly #foreignListeners: number[] = [];
  readonly #limits = new Map<number, string[]>();
  #hasComments = false;
  /** The listener that a line belongs to: its port, and whether it is the console's. */
  #listener: { readonly port: number; readonly isOwn: boolean } | undefined;
  #inOwnPlugin = false;

  constructor(found: string, rendered: string, owned: OwnedEntries, refusal: Refusal, line: BrokerLine) {
    this.#refusal = refusal;
    this.#lines = confLines(found);
    const parsed = parseConf(found, line);
    this.#faultAt = new Map(parsed.faults.toReversed().map((fault) => [fault.line, fault]));
    this.#own = takeApart(rendered);
    const renderedConf = parseConf(rendered, line).value;
    this.#ownedPorts = new Set([...owned.ports, ...renderedConf.listeners.map(({ port }) => port)]);
    this.#ownedKeywords = new Set([...alwaysOwned, ...renderedConf.options.map(({ keyword }) => keyword)]);
    const perListener = optionIsTrue(renderedConf.options, 'per_listener_settings');
    const foundPerListener = optionIsTrue(parsed.value.options, 'per_listener_settings');
    this.#perListenerLine = foundPerListener
      ? this.#lines.findIndex((text) => splitConfLine(text)?.keyword === 'per_listener_settings') + 1
      : Number.POSITIVE_INFINITY;
    this.#becomesPerListener = perListener && !foundPerListener;
    const others = parsed.value.listeners.some(({ port }) => !this.#ownedPorts.has(port));
    if (foundPerListener && !perListener && others)
      throw refusal({
        line: this.#perListenerLine,
        reason: 'the listeners have settings of their own, which this profile cannot keep',
      });
  }

  merge(): MergedText | undefined {
    for (const [index, raw] of this.#lines.entries()) this.#take(raw, index + 1);
    for (const start of this.#foreignListeners.toReversed()) this.#body.splice(start + 1, 0, ...this.#moving);
    if (this.#kept.length === 0 && !this.#hasComments) return undefined;
    const sections = this.#own.sections.flatMap(({ port, lines }) => ['', ...lines, ...(this.#limits.get(port) ?? [])]);
    while (this.#body.at(-1)?.trim() === '') this.#body.pop();
    const body = this.#body.length === 0 ? [] : ['', ...this.#body];
    return { text: `${[...this.#own.head, ...body, ...sections].join('\n')}\n`, kept: this.#kept };
  }

  #take(raw: string, number: number): void {
    const option = splitConfLine(raw);
    if (option === undefined) {
      if (isHeading(raw)) return;
      this.#hasComments ||= raw.startsWith('#');
      this.#keep(raw, number);
    } else if (option.keyword === 'listener') this.#takeListener(raw, number, option.value);
    else if (option.keyword === 'connection') this.#keep(raw, number, `connection ${option.value}`);
    else this.#takeOption(raw, number, option);
  }

  #keep(raw: string, number: number, entry?: string): void {
    const fault = this.#faultAt.get(number);
    if (fault !== undefined) throw this.#refusal(fault);
    pushLine(this.#body, raw);
    if (entry !== undefined) this.#kept.push(entry);
  }

  #takeListener(raw: string, number: number, value: string): void {
    const port = Number(value.split(' ')[0]);
    const isOwn = this.#ownedPorts.has(port);
    this.#listener = { port, isOwn };
    this.#inOwnPlugin = isOwn;
    if (isOwn) {
      if (this.#body.at(-1)?.trim() === '') this.#body.pop();
      return;
    }
    this.#keep(raw, number, `listener ${value}`);
    this.#foreignListeners.push(this.#body.length - 1);
  }

  #takeOption(raw: string, number: number, { keyword, value }: ConfOption): void {
    const scope = confScope(keyword);
    switch (scope) {
      case 'bridge':
        this.#keep(raw, number);
        break;
      case 'broker':
        if (!this.#ownedKeywords.has(keyword)) this.#keep(raw, number, keyword);
        break;
      case 'plugin':
        this.#takePlugin(raw, number, keyword, value);
        break;
      case 'listener':
      case 'security':
        this.#takeListenerOption(raw, number, keyword, scope);
        break;
      default:
        this.#keep(raw, number, keyword);
    }
  }

  #takeListenerOption(raw: string, number: number, keyword: string, scope: 'listener' | 'security'): void {
    const ofBroker = scope === 'security' && !this.#foundPerListener(number);
    if (ofBroker && this.#becomesPerListener) {
      const fault = this.#faultAt.get(number);
      if (fault !== undefined) throw this.#refusal(fault);
      this.#moving.push(raw);
    } else if (ofBroker) {
      if (!this.#ownedKeywords.has(keyword)) this.#keep(raw, number, keyword);
    } else if (this.#listener?.isOwn === true) {
      if (!keptInOwnListeners.has(keyword)) return;
      const { port } = this.#listener;
      this.#limits.set(port, [...(this.#limits.get(port) ?? []), raw]);
      this.#kept.push(`${keyword} of listener ${port}`);
    } else this.#keep(raw, number);
  }

  #takePlugin(raw: string, number: number, keyword: string, value: string): void {
    const isOptionOfPlugin = /^(?:plugin_opt_|auth_opt_|auth_plugin_deny_special_chars$)/.test(keyword);
    if (!isOptionOfPlugin) {
      const isNamedOwn = (keyword === 'plugin_load' || keyword === 'plugin_use') && value.startsWith(ownPluginPrefix);
      const inOwnListener = this.#listener?.isOwn === true && keyword !== 'global_plugin' && keyword !== 'plugin_load';
      this.#inOwnPlugin = isNamedOwn || (inOwnListener && this.#isOfListener(keyword, number));
    }
    if (this.#inOwnPlugin) return;
    if (!isOptionOfPlugin && this.#becomesPerListener && (keyword === 'plugin' || keyword === 'auth_plugin'))
      throw this.#refusal({
        line: number,
        reason: 'a plugin of the whole broker cannot stay beside listeners with settings of their own',
      });
    this.#keep(raw, number, isOptionOfPlugin ? undefined : 'a plugin');
  }

  #isOfListener(keyword: string, number: number): boolean {
    return keyword === 'plugin_use' || this.#foundPerListener(number);
  }

  /** Whether listeners have settings of their own at this line. */
  #foundPerListener(number: number): boolean {
    return number > this.#perListenerLine;
  }
}

type OwnConf = {
  /** Everything before the first listener. */
  readonly head: readonly string[];
  readonly sections: readonly { readonly port: number; readonly lines: readonly string[] }[];
};

function takeApart(text: string): OwnConf {
  const head: string[] = [];
  const sections: { port: number; lines: string[] }[] = [];
  for (const line of confLines(text)) {
    const option = splitConfLine(line);
    if (option?.keyword === 'listener') sections.push({ port: Number(option.value.split(' ')[0]), lines: [] });
    if (line !== '') (sections.at(-1)?.lines ?? head).push(line);
  }
  return { head, sections };
}

// A bridge of mosquitto.conf: `connection NAME` and the options below it. The console writes none, but must tell
// whether the broker would take one that it finds.

import { isTopicFilter } from '../topics.ts';
import { type ConfOption, optionValue } from './conf-option.ts';

export type ConfBridge = { readonly name: string; readonly options: readonly ConfOption[] };

/** What the broker would refuse about one option of a bridge, or undefined. */
export function bridgeOptionProblem(keyword: string, value: string): string | undefined {
  switch (keyword) {
    case 'address':
    case 'addresses':
      return value.split(/ +/).every(isAddress) ? undefined : `${keyword} is not a list of HOST or HOST:PORT`;
    case 'topic':
      return topicProblem(value.split(/ +/));
    default:
      return undefined;
  }
}

/** Host names, IPv4, or IPv6 with a port behind it: the last colon is taken for the port's. */
function isAddress(text: string): boolean {
  const [, host = '', port] = /^(.*?)(?::([^:]*))?$/.exec(text) ?? [];
  const isPort = port === undefined || (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535);
  return isPort && /^[A-Za-z0-9._:%-]+$/.test(host);
}

/** `topic PATTERN [[[out|in|both] QOS] LOCAL-PREFIX REMOTE-PREFIX]` */
function topicProblem([pattern = '', direction = 'out', qos = '0', ...prefixes]: readonly string[]):
  | string
  | undefined {
  if (!/^(?:out|in|both)$/i.test(direction)) return 'the direction of a bridged topic is none of in, out and both';
  if (!/^[012]$/.test(qos)) return 'the QoS of a bridged topic is none of 0, 1 and 2';
  if (prefixes.length > 2) return 'a bridged topic has more than two prefixes';
  const [local, remote] = prefixes.map((prefix) => (prefix === '""' ? '' : prefix));
  const topic = pattern === '""' ? '' : pattern;
  if (topic === '' && !(local && remote)) return 'a bridged topic that is empty needs two prefixes';
  for (const prefix of [local, remote]) {
    if (prefix === undefined) continue;
    if (/[+#]/.test(prefix)) return 'the prefix of a bridged topic has a wildcard';
    if (prefix + topic !== '' && !isTopicFilter(prefix + topic)) return 'a bridged topic has a misplaced wildcard';
  }
  return topic !== '' && !isTopicFilter(topic) ? 'a bridged topic has a misplaced wildcard' : undefined;
}

const sameOptions = [
  ['address', 'addresses'],
  ['clientid', 'remote_clientid'],
  ['username', 'remote_username'],
  ['password', 'remote_password'],
] as const;

/** What makes the broker refuse a bridge as a whole. */
export function bridgeProblem({ options }: ConfBridge): string | undefined {
  const has = (keyword: string) => optionValue(options, keyword) !== undefined;
  for (const [name, other] of sameOptions) {
    if (has(name) && has(other)) return `${name} and ${other} are the same option`;
  }
  if (!has('address') && !has('addresses')) return 'the bridge has no address';
  if (!has('topic')) return 'the bridge has no topic';
  if (has('bridge_psk') !== has('bridge_identity')) return 'the bridge needs both bridge_psk and bridge_identity';
  const certificates = ['bridge_cafile', 'bridge_capath', 'bridge_certfile', 'bridge_keyfile'].some(has);
  if (has('bridge_psk') && certificates) return 'the bridge has both certificates and a pre-shared key';
  if (has('bridge_certfile') !== has('bridge_keyfile')) return 'the bridge has a certificate or a key, but not both';
  return undefined;
}

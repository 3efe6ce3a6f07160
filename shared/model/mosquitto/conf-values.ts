// What mosquitto.conf's options take, where it is less than their kind says. A value outside is an error that stops
// the broker, at its start or at the next reload.

import type { BrokerLine } from './conf-options.ts';

const maxInt = 0x7fffffff;
/** Octets. */
const leastMemory = 1_000_000;

/** Inclusive; what both lines take. */
const ranges: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['bridge_max_packet_size', [0, maxInt]],
  ['bridge_max_topic_alias', [0, 65_535]],
  ['bridge_receive_maximum', [1, 65_535]],
  ['bridge_session_expiry_interval', [0, maxInt]],
  ['bridge_tcp_user_timeout', [0, maxInt]],
  ['enable_proxy_protocol', [1, 2]],
  ['idle_timeout', [0, maxInt]],
  ['keepalive_interval', [0, 65_535]],
  ['log_facility', [0, 7]],
  ['max_inflight_bytes', [0, maxInt]],
  ['max_inflight_messages', [0, 65_535]],
  ['max_keepalive', [10, 65_535]],
  ['max_packet_size', [20, maxInt]],
  ['max_qos', [0, 2]],
  ['max_queued_bytes', [0, maxInt]],
  ['max_queued_messages', [0, maxInt]],
  ['max_topic_alias', [0, 65_535]],
  ['max_topic_alias_broker', [0, 65_535]],
  ['maximum_qos', [0, 2]],
  ['memory_limit', [0, maxInt]],
  ['message_size_limit', [0, 268_435_455]],
  ['packet_buffer_size', [0, 65_535]],
  ['retain_expiry_interval', [1, 10_000_000]],
  ['sys_interval', [0, 65_535]],
  ['threshold', [0, maxInt]],
  ['websockets_headers_size', [0, 65_535]],
]);

const words = (...list: string[]) => new RegExp(`^(?:${list.join('|')})$`);

/** A whole value, spaces and all. */
const forms: ReadonlyMap<string, RegExp> = new Map([
  ['auto_id_prefix', /^.{1,50}$/u],
  ['bridge_protocol_version', words('mqttv31', 'mqttv311', 'mqttv50')],
  ['bridge_psk', /^(?:[0-9a-fA-F]{2})+$/],
  ['bridge_reload_type', words('immediate', 'lazy')],
  ['bridge_tcp_keepalive', /^[1-9]\d{0,8} +[1-9]\d{0,8} +[1-9]\d{0,8}$/],
  ['bridge_tls_version', words('tlsv1\\.1', 'tlsv1\\.2', 'tlsv1\\.3')],
  ['listener_auto_id_prefix', /^.{1,50}$/u],
  [
    'log_type',
    words(
      ...['all', 'debug', 'error', 'information', 'internal', 'none', 'notice', 'subscribe', 'unsubscribe', 'warning'],
      'websockets',
    ),
  ],
  ['mount_point', /^[^+#]+$/],
  ['persistent_client_expiration', /^[1-9]\d{0,5}[hdwmy]$/],
  ['restart_timeout', /^[1-9]\d{0,8}(?: +[1-9]\d{0,8})?$/],
  ['socket_domain', words('ipv4', 'ipv6')],
  ['start_type', words('automatic', 'lazy', 'once')],
  ['tls_engine_kpass_sha1', /^[0-9a-fA-F]{40}$/],
  ['tls_keyform', words('engine', 'pem')],
  ['tls_version', words('tlsv1\\.1', 'tlsv1\\.2', 'tlsv1\\.3')],
]);

const levels = (topic: string): number => topic.split('/').length - 1;

/** What the broker has against a value of the right kind, or undefined. `value` has no white space around it. */
export function valueProblem(keyword: string, value: string, line: BrokerLine): string | undefined {
  const range = ranges.get(keyword);
  if (range !== undefined && (Number(value) < range[0] || Number(value) > range[1]))
    return `${keyword} must be from ${range[0]} to ${range[1]}`;
  if (forms.get(keyword)?.test(value) === false) return `${keyword} has a value that the broker does not know`;
  switch (keyword) {
    case 'log_dest':
      return /^(?:none|syslog|stdout|stderr|topic|file +\S.*)$/.test(value)
        ? undefined
        : 'log_dest names no destination';
    case 'protocol': {
      const known = line === '2.1' ? ['mqtt', 'websockets', 'http_api'] : ['mqtt', 'websockets'];
      return known.includes(value) ? undefined : `protocol is none of ${known.join(', ')}`;
    }
    case 'accept_protocol_versions':
      return /^[345](?:[, ]+[345])*$/.test(value) ? undefined : 'accept_protocol_versions takes 3, 4 and 5';
    case 'memory_limit':
      return value !== '0' && Number(value) < leastMemory
        ? 'memory_limit is too low for the broker to start'
        : undefined;
    case 'mount_point':
      return levels(value) > 200 ? 'mount_point has more than 200 levels' : undefined;
    case 'restart_timeout': {
      const [base = 0, cap = base] = value.split(/ +/).map(Number);
      return cap < base ? 'the second number of restart_timeout is lower than the first' : undefined;
    }
    default:
      return undefined;
  }
}

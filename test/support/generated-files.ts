// Files of Mosquitto as people and accidents write them: mostly right, some with one thing wrong, some with several.
// Seeded, so that what a test finds once it finds again.

import { damage } from './damage.ts';
import type { SeededRandom } from './seeded-random.ts';

const names = ['bob', 'plc-a1b2c3d4', 'two words', 'žluťoučký', 'a.b@c', 'n', 'a/b', '%u', 'user'] as const;
const levels = ['cpi', '%u', '%c', 'telemetry', 'a b', '+', '$SYS', '', 'ü'] as const;

/** A password file; the hashes need not belong to any password. */
export function generatedPasswd(random: SeededRandom): Buffer {
  const lines = random.list(random.below(5), (index) => passwdLine(random, index));
  return asFile(random, lines);
}

function passwdLine(random: SeededRandom, index: number): string {
  switch (random.below(12)) {
    case 0:
      return '# a comment: with a colon';
    case 1:
      return '';
    case 2:
      return random.pick(['no colon', `bob:${'x'.repeat(30)}`, ':', 'bob:', `::${hash(random)}`, 'bob::', '$7$']);
    default: {
      const name = `${random.pick(names)}${random.chance(0.9) ? index : ''}`;
      return `${name}:${hash(random)}${random.chance(0.03) ? ':more' : ''}`;
    }
  }
}

/** Mostly as mosquitto_passwd writes it, sometimes with a part that is too short, too long or missing. */
function hash(random: SeededRandom): string {
  const salt = random.bytes(random.chance(0.94) ? 12 : random.pick([0, 1, 11, 13, 64])).toString('base64');
  const key = random.bytes(random.chance(0.94) ? 64 : random.pick([0, 32, 63, 65])).toString('base64');
  const rounds = random.chance(0.94)
    ? random.pick(['1', '101', '1000'])
    : random.pick(['0', '-1', 'x', '', '1e3', '99999999999', '+5', ' 7']);
  const text = random.chance(0.15) ? `$6$${salt}$${key}` : `$7$${rounds}$${salt}$${key}`;
  return random.chance(0.04)
    ? text.replace(random.pick(['$7$', '$', '=', '7']), random.pick(['', '$8$', '$$', ' ']))
    : text;
}

export function generatedAcl(random: SeededRandom): Buffer {
  const start = random.chance(0.1) ? [] : [`user ${random.pick(names)}`];
  return asFile(random, [...start, ...random.list(random.below(7), () => aclLine(random))]);
}

function aclLine(random: SeededRandom): string {
  const space = () => (random.chance(0.9) ? ' ' : random.pick(['  ', '\t', ' \t']));
  switch (random.below(10)) {
    case 0:
      return '# a comment';
    case 1:
      return random.pick([
        '',
        '   ',
        ' # indented',
        'users bob',
        'topic',
        'user',
        'pattern',
        'topic read',
        'deny a',
        'top',
      ]);
    case 2:
    case 3:
      return `user${space()}${random.pick(names)}`;
    default: {
      const access = random.pick(['read ', 'write ', 'readwrite ', 'deny ', '', '', 'Read ', 'rw ']);
      return `${random.pick(['topic', 'topic', 'pattern'])}${space()}${access}${topic(random)}`;
    }
  }
}

function topic(random: SeededRandom): string {
  const parts: string[] = random.list(1 + random.below(4), () => random.pick(levels));
  if (random.chance(0.2)) parts.push('#');
  if (random.chance(0.05)) parts.push(random.pick(['#x', 'x+', '#', '+#']));
  return random.chance(0.01) ? 'a/'.repeat(199 + random.below(4)) : parts.join('/');
}

/** As lines of a file, with other line ends now and then, and damaged every third time. */
function asFile(random: SeededRandom, lines: readonly string[]): Buffer {
  const end = random.chance(0.9) ? '\n' : '\r\n';
  const text = lines.join(end) + (random.chance(0.85) ? end : '');
  const content = Buffer.from(text, 'utf8');
  return random.chance(0.3) ? damage(random, content) : content;
}

/** What a generated mosquitto.conf may name. */
export type ConfPlaces = {
  readonly socket: string;
  readonly directory: string;
  readonly acl: string;
  readonly passwd: string;
};

/**
 * A mosquitto.conf with one listener on a Unix socket, which nobody else's port is in the way of. It names no file
 * that is not there, and no host that must be looked up: no parser can know of those.
 */
export function generatedConf(random: SeededRandom, places: ConfPlaces): Buffer {
  const lines = [
    ...random.list(random.below(3), () => brokerOption(random, places)),
    `listener ${random.chance(0.95) ? '0' : random.pick(['-1', '70000', 'x', ''])} ${places.socket}`,
    ...random.list(random.below(4), () => random.pick([brokerOption, listenerOption])(random, places)),
    ...(random.chance(0.4) ? bridge(random) : []),
    ...random.list(random.below(2), () => brokerOption(random, places)),
  ];
  if (random.chance(0.3)) lines.unshift(`per_listener_settings ${boolean(random)}`);
  return Buffer.concat([
    Buffer.from('user root\n'),
    ...lines.map((line) => {
      const content = Buffer.from(`${line}${random.chance(0.9) ? '\n' : '\r\n'}`, 'utf8');
      // A damaged path would be one that is not there.
      return line.includes(places.directory) || random.chance(0.93) ? content : damage(random, content);
    }),
  ]);
}

const boolean = (random: SeededRandom): string =>
  random.chance(0.9) ? random.pick(['true', 'false', '0', '1']) : random.pick(['yes', 'True', '', '2', 'true x']);

const number = (random: SeededRandom): string =>
  random.chance(0.85)
    ? String(random.pick([0, 1, 2, 7, 20, 60, 1000, 65_535]))
    : random.pick(['-1', '65536', '268435456', '2147483647', '4294967296', 'x', '', '1.5', '007', '0x10', '9 9']);

function brokerOption(random: SeededRandom, { directory }: ConfPlaces): string {
  const booleans = [
    ...(['allow_duplicate_messages', 'autosave_on_changes', 'check_retain_source', 'connection_messages'] as const),
    ...(['log_timestamp', 'queue_qos0_messages', 'retain_available', 'set_tcp_nodelay'] as const),
    ...(['upgrade_outgoing_qos', 'per_listener_settings', 'persistance'] as const),
  ] as const;
  const numbers = [
    ...(['autosave_interval', 'log_facility', 'max_inflight_bytes', 'max_inflight_messages', 'max_keepalive'] as const),
    ...(['max_packet_size', 'max_queued_bytes', 'max_queued_messages', 'message_size_limit', 'sys_interval'] as const),
    ...(['websockets_headers_size', 'websockets_log_level', 'memory_limit', 'max_clients'] as const),
  ] as const;
  switch (random.below(6)) {
    case 0:
    case 1:
      return `${pickOf(random, booleans)} ${boolean(random)}`;
    case 2:
    case 3:
      return `${pickOf(random, numbers)} ${number(random)}`;
    case 4:
      return `${random.pick(['log_type', 'log_type', 'log_dest'])} ${random.pick(['error', 'all', 'stderr', 'none', 'warning', 'debug', 'loud', 'file', `file ${directory}/log`, 'syslog'])}`;
    default:
      return random.pick([
        '# a comment',
        '',
        ' # indented',
        'clientid_prefixes plc-',
        'log_timestamp_format %Y-%m-%dT%H:%M:%S',
        `pid_file ${directory}/pid`,
        `persistence_location ${directory}/`,
        'persistence_file other.db',
        'persistent_client_expiration 14d',
        'persistent_client_expiration 14',
        'persistent_client_expiration d',
        'persistent_client_expiration 0h',
        'plugin_opt_abc def',
        'auth_opt_a b',
        'auth_plugin_deny_special_chars true',
        'nothing',
        'tls_version tlsv1.2',
      ]);
  }
}

function listenerOption(random: SeededRandom, { acl, passwd }: ConfPlaces): string {
  switch (random.below(8)) {
    case 0:
    case 1:
      return `${random.pick(['allow_anonymous', 'allow_zero_length_clientid', 'use_username_as_clientid', 'require_certificate', 'use_identity_as_username', 'listener_allow_anonymous'])} ${boolean(random)}`;
    case 2:
      return `${random.pick(['max_connections', 'maximum_qos', 'max_qos', 'max_topic_alias'])} ${number(random)}`;
    case 3:
      return `acl_file ${acl}`;
    case 4:
      return `password_file ${passwd}`;
    case 5:
      return `mount_point ${random.pick(['site/', 'a/b', 'a/+', '#', '', 'x y/'])}`;
    case 6:
      return `${random.pick(['auto_id_prefix', 'psk_hint', 'ciphers', 'tls_engine'])} ${random.pick(['auto-', 'x', '', 'y'.repeat(51)])}`;
    default:
      return random.pick([
        'protocol mqtt',
        'protocol MQTT',
        'protocol mqttsn',
        'socket_domain ipv4',
        'socket_domain ipv5',
        'tls_keyform pem',
        'tls_keyform der',
        'plugin',
        'acl_file',
      ]);
  }
}

/** Never one that connects by itself. */
function bridge(random: SeededRandom): string[] {
  const lines = [
    `address ${random.chance(0.8) ? random.pick(['127.0.0.1:9', '127.0.0.1', '127.0.0.1:9 127.0.0.1:10']) : random.pick(['127.0.0.1:0', '127.0.0.1:x', '', '127.0.0.1:70000'])}`,
    `topic ${bridgeTopic(random)}`,
    ...random.list(random.below(4), () => bridgeOption(random)),
    'start_type lazy',
  ];
  if (random.chance(0.1)) lines.splice(random.below(lines.length), 1);
  return [random.chance(0.93) ? 'connection one' : random.pick(['connection', '# none', 'connection a b']), ...lines];
}

const bridgeTopic = (random: SeededRandom): string =>
  random.chance(0.75)
    ? random.pick([
        '# both 1',
        'a/b',
        'a/# out',
        '# in 2 local/ remote/',
        '# IN 0',
        '"" both 0 a/b c/d',
        '# out 0 "" r/',
      ])
    : random.pick([
        '# sideways',
        '# in 3',
        'a/#/b',
        '# in 1 +/',
        '"" in 0',
        '""',
        '',
        '# in x',
        'a+ in',
        '# in 1 l/# r/',
        '# in 0 a b c',
      ]);

function bridgeOption(random: SeededRandom): string {
  switch (random.below(4)) {
    case 0:
      return `${random.pick(['bridge_attempt_unsubscribe', 'bridge_outgoing_retain', 'cleansession', 'local_cleansession', 'notifications', 'notifications_local_only', 'round_robin', 'try_private', 'bridge_insecure', 'bridge_require_ocsp'])} ${boolean(random)}`;
    case 1:
      return `${random.pick(['idle_timeout', 'keepalive_interval', 'threshold', 'bridge_max_packet_size'])} ${number(random)}`;
    case 2:
      return random.pick([
        'bridge_protocol_version mqttv50',
        'bridge_protocol_version mqttv5',
        'restart_timeout 5 30',
        'restart_timeout 30 5',
        'restart_timeout',
        'start_type lazy',
        'start_type manual',
        'bridge_identity me',
        'bridge_psk 0a0b',
        'bridge_psk xyz',
      ]);
    default:
      return `${random.pick(['remote_username', 'remote_password', 'username', 'clientid', 'remote_clientid', 'local_clientid', 'local_username', 'notification_topic', 'bridge_alpn', 'local_password'])} ${random.pick(['me', 'a b', '', 'ü'])}`;
  }
}

const pickOf = <T>(random: SeededRandom, from: readonly T[]): T => {
  const [first, ...rest] = from;
  if (first === undefined) throw new RangeError('nothing to pick from');
  return random.pick([first, ...rest]);
};

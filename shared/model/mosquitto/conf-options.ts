// The options of mosquitto.conf(5) that a parser must know to be as strict as the broker: how each value is read,
// and what it belongs to.

/** The two broker lines that are told apart: 2.0.x, and 2.1 with what follows it. */
export const brokerLines = ['2.0', '2.1'] as const;
export type BrokerLine = (typeof brokerLines)[number];

/** string: the rest of the line, once only. words: taken apart by the broker itself; may stand several times. */
export type OptionKind = 'boolean' | 'number' | 'string' | 'words';

/**
 * security: belongs to a listener when per_listener_settings is true, to the whole broker otherwise.
 * bridge: belongs to the `connection` above it, whatever stands between.
 */
export type OptionScope = 'broker' | 'listener' | 'security' | 'bridge';

export type ConfOptionType = {
  readonly kind: OptionKind;
  readonly scope: OptionScope;
  /** Only on this line, unknown on the other. */
  readonly only?: BrokerLine;
};

const types = (scope: OptionScope, kind: OptionKind, names: string, only?: BrokerLine): [string, ConfOptionType][] =>
  names.split(' ').map((name) => [name, { kind, scope, ...(only && { only }) }]);

export const confOptionTypes: ReadonlyMap<string, ConfOptionType> = new Map([
  ...types(
    'broker',
    'boolean',
    'allow_duplicate_messages autosave_on_changes check_retain_source connection_messages log_timestamp ' +
      'per_listener_settings persistence queue_qos0_messages retain_available retained_persistence set_tcp_nodelay ' +
      'upgrade_outgoing_qos',
  ),
  ...types(
    'broker',
    'number',
    'autosave_interval log_facility max_inflight_bytes max_inflight_messages max_keepalive max_packet_size ' +
      'max_queued_bytes max_queued_messages memory_limit message_size_limit sys_interval websockets_headers_size ' +
      'websockets_log_level',
  ),
  ...types(
    'broker',
    'string',
    'clientid_prefixes include_dir log_timestamp_format persistence_file persistence_location ' +
      'persistent_client_expiration pid_file user',
  ),
  ...types('broker', 'words', 'log_dest log_type'),
  ...types(
    'listener',
    'boolean',
    'require_certificate use_identity_as_username use_subject_as_username use_username_as_clientid',
  ),
  ...types('listener', 'number', 'max_connections max_qos max_topic_alias maximum_qos'),
  ...types(
    'listener',
    'string',
    'bind_interface cafile capath certfile ciphers ciphers_tls1.3 crlfile dhparamfile http_dir keyfile mount_point ' +
      'protocol psk_hint socket_domain tls_engine tls_engine_kpass_sha1 tls_keyform tls_version',
  ),
  ...types('security', 'boolean', 'allow_anonymous allow_zero_length_clientid'),
  ...types('security', 'string', 'acl_file auto_id_prefix password_file psk_file'),
  ...types(
    'bridge',
    'boolean',
    'bridge_attempt_unsubscribe bridge_insecure bridge_outgoing_retain bridge_require_ocsp cleansession ' +
      'local_cleansession notifications notifications_local_only round_robin try_private',
  ),
  ...types('bridge', 'number', 'bridge_max_packet_size idle_timeout keepalive_interval threshold'),
  ...types(
    'bridge',
    'string',
    'address addresses bridge_alpn bridge_bind_address bridge_cafile bridge_capath bridge_certfile bridge_identity ' +
      'bridge_keyfile bridge_protocol_version bridge_psk bridge_tls_version clientid local_clientid local_password ' +
      'local_username notification_topic password remote_clientid remote_password remote_username restart_timeout ' +
      'start_type username',
  ),
  ...types('bridge', 'words', 'topic'),
  ...types(
    'broker',
    'number',
    'global_max_clients global_max_connections packet_buffer_size retain_expiry_interval',
    '2.1',
  ),
  ...types('broker', 'boolean', 'enable_control_api', '2.1'),
  ...types(
    'listener',
    'boolean',
    'disable_client_cert_date_checks listener_allow_anonymous proxy_protocol_v2_require_tls',
    '2.1',
  ),
  ...types('listener', 'number', 'enable_proxy_protocol max_topic_alias_broker', '2.1'),
  ...types('listener', 'string', 'listener_auto_id_prefix', '2.1'),
  ...types('listener', 'words', 'accept_protocol_versions plugin_use websockets_origin', '2.1'),
  ...types('bridge', 'boolean', 'bridge_tls_use_os_certs', '2.1'),
  ...types(
    'bridge',
    'number',
    'bridge_max_topic_alias bridge_receive_maximum bridge_session_expiry_interval bridge_tcp_user_timeout',
    '2.1',
  ),
  ...types('bridge', 'string', 'bridge_ciphers bridge_ciphers_tls1.3 bridge_reload_type bridge_tcp_keepalive', '2.1'),
]);

/** Deprecated words that make a listener of their own, beside every `listener` line. */
export const defaultListenerOptions: ReadonlySet<string> = new Set(['bind_address', 'port']);

/** `plugin PATH` opens a plugin; the lines with one of these prefixes below it are its options. */
export const pluginOptionPrefixes = ['plugin_opt_', 'auth_opt_'] as const;

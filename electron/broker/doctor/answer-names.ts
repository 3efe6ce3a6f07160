// What brokers answer by numbers, in words beside the number: CONNACK of MQTT 3.1.1 (3.2.2.3) below 128, reason codes of
// MQTT 5 (2.4) from there on.

const names: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'client id rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorised',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client id not valid',
  134: 'bad user name or password',
  135: 'not authorised',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  140: 'bad authentication method',
  141: 'keep alive timeout',
  142: 'session taken over',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  153: 'payload format invalid',
  154: 'retain not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  159: 'connection rate exceeded',
};

/** `135 (0x87), not authorised`. */
export function answerName(code: number): string {
  const name = names[code];
  const hex = code < 128 ? '' : ` (0x${code.toString(16).toUpperCase()})`;
  return `${code}${hex}${name === undefined ? '' : `, ${name}`}`;
}

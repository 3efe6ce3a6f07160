// The commands of Voke's protocol. Its public documentation names the types, not their parameters: `p` is entered as JSON.

export const vokeCommandTypes = [
  'SET_OVERFLOW',
  'CHARGE',
  'DISCHARGE',
  'HOLD',
  'CHARGE_ONLY',
  'DISCHARGE_ONLY',
  'CONTINUOUS_CHARGE',
  'DEFAULT',
  'SET_SOC_LIMITS',
  'CANCEL_ALL',
  'SCHEDULE',
  'SET_TELEMETRY_INTERVAL',
  'SET_DEFAULTS',
  'GET_INFO',
] as const;
export type VokeCommandType = (typeof vokeCommandTypes)[number];

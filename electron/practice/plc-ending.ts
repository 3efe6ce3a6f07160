// Why a connection of the simulated PLC ended. In TLS 1.3 a client believes itself connected before the broker looked
// at its certificate, and the broker's alert can be lost in a reset. So an end between the handshake and the broker's
// answer counts as the broker's refusal.

/** How far the connection had come. */
export type PlcPhase = 'reaching' | 'secured' | 'connected';

export type PlcEnding = { readonly state: 'refused' | 'disconnected'; readonly reason: string };

export function explainPlcEnding(phase: PlcPhase, error: Error | undefined): PlcEnding {
  const code: unknown = error && Reflect.get(error, 'code');
  const because = error ? `: ${typeof code === 'string' ? code : error.message}` : '';
  switch (phase) {
    case 'connected':
      return { state: 'disconnected', reason: `The broker ended the session${because}` };
    case 'secured':
      return { state: 'refused', reason: `The broker refused the login${because}` };
    case 'reaching':
      return typeof code === 'string' && /ALERT/.test(code)
        ? { state: 'refused', reason: `The broker refused the login${because}` }
        : { state: 'disconnected', reason: `No trusted connection to the broker${because}` };
  }
}

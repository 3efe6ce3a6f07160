// How the window reaches the core: one typed client, whatever the host.
// - Desktop: the preload hands over a MessagePort, once, as a window message of this very window.
// - Loopback: a WebSocket to /rpc of the own origin, opened again and again until it holds. It carries the key that the
//   start page left in this tab; a tab without one would be refused for ever, so it does not even try.
// - A lost link rejects what was under way; nobody repeats a call by itself, since a call may change something.
// - A message larger than the loopback host reads costs the connection: what was under way fails with a reason of its own,
//   and the next connection begins without it. A port has no limit: there the core itself answers, call by call.

import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../shared/contract/contract.ts';
import { windowKeyName, windowProtocol } from '../shared/model/window-key.ts';

export type ConsoleClient = ContractRouterClient<Contract>;
export type ConnectionState = 'connecting' | 'open' | 'lost';
type Link = ClientLink<Record<never, never>>;

export type Transport = {
  readonly client: ConsoleClient;
  /** Calls back with the state now, and after every change. */
  onState(listener: (state: ConnectionState) => void): void;
};

/** The link that carries a call was not there, or broke while the call was under way. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** The host read no further than its limit: whatever had no answer by then gets none. */
export class RequestTooLarge extends Error {
  override readonly name = 'RequestTooLarge';
}

/** RFC 6455 section 7.4.1: the endpoint received a message that is too big for it to process. */
const messageTooBig = 1009;
const reconnectDelaysMs = [250, 500, 1000, 2000, 3000];

/** A link whose carrier may come and go. */
class ReplaceableLink implements Link {
  #carrier: Link | null = null;
  #state: ConnectionState = 'connecting';
  readonly #listeners: ((state: ConnectionState) => void)[] = [];

  readonly call: Link['call'] = async (path, input, options) => {
    if (!this.#carrier) throw new ConnectionLost();
    return this.#carrier.call(path, input, options);
  };

  onState(listener: (state: ConnectionState) => void): void {
    this.#listeners.push(listener);
    listener(this.#state);
  }

  change(state: ConnectionState, carrier: Link | null): void {
    this.#carrier = carrier;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const transportOver = (link: ReplaceableLink): Transport => ({
  client: createORPCClient<ConsoleClient>(link),
  onState: (listener) => link.onState(listener),
});

/** The desktop host: waits for the port that the preload posts. */
export function desktopTransport(): Transport {
  const link = new ReplaceableLink();
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    if (event.source !== window || event.data !== 'voke:port' || !port) return;
    port.addEventListener('close', () => link.change('lost', null));
    const carrier = new PortLink({ port });
    port.start();
    link.change('open', carrier);
  });
  return transportOver(link);
}

/** Calls over one WebSocket, which know why it ended. */
function socketLink(socket: WebSocket): Link {
  let tooLarge = false;
  // Before oRPC's own listener, which rejects the calls.
  socket.addEventListener('close', ({ code }) => {
    tooLarge = code === messageTooBig;
  });
  const link = new SocketLink({ websocket: socket });
  return {
    call: async (path, input, options) => {
      try {
        return await link.call(path, input, options);
      } catch (error) {
        throw tooLarge && !(error instanceof ORPCError) ? new RequestTooLarge() : error;
      }
    },
  };
}

/** The loopback host: a WebSocket to the own origin. */
export function loopbackTransport(address = `ws://${window.location.host}/rpc`): Transport {
  const link = new ReplaceableLink();
  const key = window.sessionStorage.getItem(windowKeyName);
  if (key === null) {
    link.change('lost', null);
    return transportOver(link);
  }
  let failures = 0;
  const open = () => {
    const socket = new WebSocket(address, [windowProtocol, key]);
    socket.binaryType = 'arraybuffer';
    const carrier = socketLink(socket);
    socket.addEventListener('open', () => {
      failures = 0;
      link.change('open', carrier);
    });
    socket.addEventListener('close', () => {
      link.change('lost', null);
      const delay = reconnectDelaysMs[Math.min(failures, reconnectDelaysMs.length - 1)];
      failures += 1;
      window.setTimeout(open, delay);
    });
  };
  open();
  return transportOver(link);
}

/** The transport of the host that this window runs in. */
export const openTransport = (): Transport =>
  navigator.userAgent.includes(' Electron/') ? desktopTransport() : loopbackTransport();

// The window's calls over a MessagePort: a new one each time the page has loaded, the one before is closed with it.

import { randomUUID } from 'node:crypto';
import { RPCHandler } from '@orpc/server/message-port';
import type { CallContext } from '../core/session.ts';
import type { HostedCore } from '../host-common/hosted-core.ts';
import { appOrigin } from './app-protocol.ts';
import type { CallingContents, DesktopApi, Port } from './electron-api.ts';
import { portChannel } from './port-channel.ts';

export class CallPort<P extends Port> {
  readonly #handler: RPCHandler<CallContext>;
  readonly #createChannel: DesktopApi<P>['createChannel'];
  readonly #actor: string;

  constructor(core: HostedCore, createChannel: DesktopApi<P>['createChannel'], actor: string) {
    this.#handler = new RPCHandler(core.router);
    this.#createChannel = createChannel;
    this.#actor = actor;
  }

  /** Gives each page that `contents` loads a port of its own, with a session of its own. */
  connect(contents: CallingContents<P>): void {
    let open: P | undefined;
    contents.on('did-finish-load', () => {
      open?.close();
      open = undefined;
      if (!contents.getURL().startsWith(`${appOrigin}/`)) return;
      const { port1, port2 } = this.#createChannel();
      this.#handler.upgrade(port1, {
        context: { session: { sessionId: randomUUID(), actor: this.#actor, host: 'desktop' } },
      });
      port1.start();
      open = port1;
      contents.postMessage(portChannel, null, [port2]);
    });
  }
}

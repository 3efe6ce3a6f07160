import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { createMonitorStore } from '../../../renderer/features/monitor/store.ts';
import type { ConsoleClient } from '../../../renderer/transport.ts';
import type { MonitorFrame, MonitorState } from '../../../shared/model/monitor.ts';

const broker = '11111111-1111-4111-8111-111111111111';
const connected = { state: 'connected', reason: null } as const;

test('what others begin to listen to is shown as soon as they do', async () => {
  const others = Promise.withResolvers<void>();
  let isListening = false;
  const frame = { treeId: 't', cutAt: 0, connection: connected, counts: {}, picture: null } as unknown as MonitorFrame;
  const monitor = {
    look: async () => {},
    async watch() {
      if (!isListening) throw new ORPCError('monitor/not-connected', { message: 'Connect first.' });
      return (async function* () {
        yield frame;
        await new Promise(() => {});
      })();
    },
    async states() {
      return (async function* (): AsyncGenerator<(MonitorState & { asPlant: null })[]> {
        yield [];
        await others.promise;
        yield [{ brokerId: broker, connection: connected, rate: 0, asPlant: null }];
        await new Promise(() => {});
      })();
    },
  };
  const store = createMonitorStore({ monitor } as unknown as ConsoleClient);
  const stop = store.getState().show(broker);
  await expect.poll(() => store.getState().connection.state).toBe('stopped');
  isListening = true;
  others.resolve();
  await expect.poll(() => store.getState().connection).toEqual(connected);
  stop();
});

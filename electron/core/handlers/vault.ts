import { audit } from '../../operations/context.ts';
import { carryRevocationsOver, type SignedBefore, signedBy } from '../../operations/later-crls.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';
import type { VaultKeeper } from '../vault-keeper.ts';

export function vaultHandlers(os: Implementer, contextOf: ContextOf, keeper: VaultKeeper, clock: Clock) {
  const answer = () => ({ state: keeper.state() });
  return {
    get: os.vault.get.handler(answer),
    create: os.vault.create.handler(async ({ input }) => {
      await keeper.create(input.passphrase);
      return answer();
    }),
    unlock: os.vault.unlock.handler(async ({ input }) => {
      await keeper.unlock(input.passphrase);
      return answer();
    }),
    lock: os.vault.lock.handler(({ context }) => {
      keeper.lock(`by ${context.session.actor}`);
      return answer();
    }),
    backup: os.vault.backup.handler(async () => {
      const bytes = await keeper.backup();
      const day = clock.now().toISOString().slice(0, 10);
      return new File([Uint8Array.from(bytes)], `vault-${day}.voke`, { type: 'application/octet-stream' });
    }),
    restore: os.vault.restore.handler(async ({ input, context }) => {
      let replaced: SignedBefore | undefined;
      await keeper.restore(new Uint8Array(await input.backup.arrayBuffer()), input.passphrase, async (vault) => {
        replaced = await signedBy(vault);
      });
      const operation = contextOf(context);
      audit(operation, 'vault.restore', 'vault');
      await carryRevocationsOver(operation, replaced);
      return answer();
    }),
    getIdleLock: os.vault.getIdleLock.handler(() => ({ minutes: keeper.idleMinutes() })),
    setIdleLock: os.vault.setIdleLock.handler(({ input }) => {
      keeper.setIdleMinutes(input.minutes);
      return { minutes: keeper.idleMinutes() };
    }),
  };
}

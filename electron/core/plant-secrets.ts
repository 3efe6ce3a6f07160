// What the plants sign by, for who checks signatures all the time: to open a secret in the vault costs several times what
// the check itself does.
// - Whatever changed, a signature is called wrong only by what the vault says at that moment.
// - Nothing is kept beyond a lock, a change of plants, or half a minute: one that was replaced is good no longer.

import type { PlantId } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';

const keptMs = 30_000;
const maxKept = 10_000;

export class PlantSecrets {
  readonly #context: () => OperationContext | undefined;
  readonly #kept = new Map<PlantId, { readonly secret: string; readonly at: number }>();

  /** Undefined while the vault is locked. */
  constructor(context: () => OperationContext | undefined) {
    this.#context = context;
  }

  /** Whether `isSignedBy` holds for the plant's secret; undefined where the plant has none, or the vault is locked. */
  verify(plantId: PlantId, isSignedBy: (secret: string) => boolean): boolean | undefined {
    const context = this.#context();
    if (!context) return undefined;
    const now = context.clock.now().getTime();
    const kept = this.#kept.get(plantId);
    if (kept && now - kept.at >= 0 && now - kept.at < keptMs && isSignedBy(kept.secret)) return true;
    const secret = context.vault.signingSecrets.get(plantId);
    this.#kept.delete(plantId);
    if (secret === undefined) return undefined;
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(plantId, { secret, at: now });
    return isSignedBy(secret);
  }

  /** The vault was locked, or something of the plants changed. */
  forget(): void {
    this.#kept.clear();
  }
}

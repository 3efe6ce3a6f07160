// What counts as a session over a new credential. A broker lets both credentials of a rotated plant in under one name and
// says nowhere which of them was shown, so a message alone proves nothing. What can be told apart:
// - Every set of files brings a signing secret of its own, so a message signed by the new one comes from a client that
//   has read the new set. That is proof.
// - A plant whose only live credential is the new one proves it by any message.
// - A client that does not sign proves it by a session that began at the broker after it was restarted, where there is a
//   restart command and the broker tells when sessions began.
// A retained message is none of these: the broker may have kept it for years.

import type { PlantId } from '../../shared/model/plant.ts';

export type SessionProof = {
  /** What the plant signs by once it has read the new files. */
  readonly signingSecret: string;
  /** No other credential of the plant is in force, so whatever it says came over the new one. */
  readonly isOnlyCredential: boolean;
  /** The client is restarted between `waitFor` and its session: one that began later read the new files. */
  readonly isRestarted: boolean;
};

export type WatchedPlant = {
  /** Listens from now on; true as soon as there is proof, false when the time is over or `signal` aborts. */
  waitFor(options: { readonly seconds: number; readonly signal?: AbortSignal | undefined }): Promise<boolean>;
};

/** Hears plants at their brokers. Handed in by the core, which owns the monitors. */
export type SessionWatch = {
  /** Begins to listen. Throws `broker/not-found` when there is no broker to listen at, and `monitor/*`. */
  watch(plantId: PlantId, proof: SessionProof, brokerId?: string): Promise<WatchedPlant>;
};

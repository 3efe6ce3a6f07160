// Which plants there are, known without asking the vault: the watches look here at broker speed for whatever identifier
// they hear. It is read at the unlock, before the first message, and again whenever plants came or went; in slices, since
// there may be tens of thousands.

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { PlantId } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';
import type { Logger } from '../platform/log.ts';
import { endOfSlice } from '../platform/slices.ts';
import type { PlantTable } from '../vault/rows/plants.ts';

const pageSize = 1000;
/** While many plants change one after the other, reading takes a tenth of the time at most: a new plant is known soon. */
const pausesPerReading = 9;

type Options = {
  /** Undefined while the vault is locked. */
  readonly context: () => OperationContext | undefined;
  readonly logger: Logger;
  /** These were deleted. */
  readonly onGone: (plantIds: readonly string[]) => void;
};

export class PlantRegister {
  readonly #options: Options;
  #plantIds: ReadonlySet<string> = new Set();
  #isRead = false;
  #isOld = true;
  #reading: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  has(plantId: string): boolean {
    return this.#plantIds.has(plantId);
  }

  /** Plants came or went, or the vault was opened: it is read again soon. */
  noteChange(): void {
    this.#isOld = true;
    void this.#read();
  }

  /** Resolves once it was read since the unlock, or the vault is locked. Never rejects. */
  async ready(): Promise<void> {
    if (!this.#isRead) await this.#read();
  }

  /** The vault was locked. */
  forget(): void {
    this.#plantIds = new Set();
    this.#isRead = false;
    this.#isOld = true;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readUntilNew();
    return this.#reading;
  }

  async #readUntilNew(): Promise<void> {
    // What changes in the same turn is read at once.
    await nextTurn();
    try {
      while (this.#isOld) {
        const context = this.#options.context();
        if (!context) return;
        this.#isOld = false;
        const begunAt = performance.now();
        const plantIds = await readIds(context.vault.plants).catch((error: unknown) => {
          this.#options.logger.info('the register could not be read', { error });
        });
        const isSameVault = this.#options.context()?.vault === context.vault;
        // Locked meanwhile, and perhaps opened again; or not to be read for now.
        if (!isSameVault || !plantIds) this.#isOld = true;
        else this.#adopt(plantIds);
        if (isSameVault && !plantIds) return;
        const pauseMs = (performance.now() - begunAt) * pausesPerReading;
        if (this.#isOld && this.#isRead) await sleep(pauseMs, undefined, { ref: false });
      }
    } finally {
      this.#reading = undefined;
    }
  }

  #adopt(plantIds: ReadonlySet<string>): void {
    const gone = [...this.#plantIds].filter((plantId) => !plantIds.has(plantId));
    this.#plantIds = plantIds;
    this.#isRead = true;
    if (gone.length > 0) this.#options.onGone(gone);
  }
}

async function readIds(plants: Pick<PlantTable, 'ids'>): Promise<Set<string>> {
  const all = new Set<string>();
  const turn = endOfSlice();
  for (let last: PlantId | '' = ''; ; await turn()) {
    const page = plants.ids(last, pageSize);
    for (const plantId of page) all.add(plantId);
    last = page.at(-1) ?? last;
    if (page.length < pageSize) return all;
  }
}

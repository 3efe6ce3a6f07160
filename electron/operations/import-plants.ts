// Plants in bulk, all or none.
// - Whatever can fail for a reason of its own does so before anything is stored: the file is checked, then every
//   credential is made, in memory.
// - One transaction of thousands of rows would hold the console up, so they are stored in short ones. Which plants an
//   import is about stands in the vault before the first of them: what breaks off is taken out again, at once or, after
//   a crash or a lock, at the next unlock. Until the import is through, nothing of it is handed out.

import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { Turns } from '../platform/turns.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { issuingAuthority } from './certificates.ts';
import { checkImport, refuseFaults } from './check-import.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { adoptSigningSecret } from './credential-lifecycle.ts';
import { type IssuedCredential, type IssueOptions, issueCredential } from './issue-credential.ts';
import { insertPlant, newPlantRow } from './plants.ts';
import type { StepRunner } from './steps.ts';

const importKind = 'import';
const importSetting = 'plantImport';
/** `createdAt` is that of its plants: whoever registers one of them by hand meanwhile keeps it. */
const importSchema = z.object({ operationId: z.string(), createdAt: z.string(), plantIds: z.array(plantIdSchema) });
type OpenImport = z.infer<typeof importSchema>;

/** Enough that no thread of the pool waits for the main one between two keys. */
const inFlight = 4 * Math.max(4, availableParallelism());
/** Plants in a transaction: 20 ms with their credentials. */
const storedAtOnce = 10;
/** Issuing is told in so many steps, however many plants there are. */
const issueSteps = 20;

export type ImportOptions = Omit<IssueOptions, 'deviceKey' | 'authority'>;
type NewPlant = { readonly row: PlantRow; readonly credential: IssuedCredential | undefined };

export const importSteps = (withIssue: boolean): number => (withIssue ? issueSteps + 2 : 2);

/**
 * Registers every plant of the file; with `issue` each gets its first credential, which waits in the vault to be brought
 * to its device. Throws `plant/import-unreadable`, `plant/import-broken-line`, `plant/import-refused`, and what issuing
 * throws: then nothing has changed. Throws `plant/import-running` while another import is stored or taken back.
 */
export async function importPlants(
  context: OperationContext,
  csv: string,
  issue: ImportOptions | undefined,
  step: StepRunner,
): Promise<void> {
  const { rows: plants, createdAt } = await step('Check the file', async () => {
    const checked = await checkImport(context, csv);
    refuseFaults(checked.preview);
    const now = timestamp(context);
    return { rows: checked.plants.map((plant) => newPlantRow(plant, now)), createdAt: now };
  });
  const credentials = issue ? await issueAll(context, plants, issue, step) : [];
  await step(`Register ${counted(plants.length)}`, () =>
    storeAll(
      context,
      plants.map((row, index) => ({ row, credential: credentials[index] })),
      createdAt,
    ),
  );
  context.changed('plants');
  context.changed('brokers');
}

const counted = (plants: number): string => (plants === 1 ? '1 plant' : `${plants} plants`);

async function issueAll(
  context: OperationContext,
  plants: readonly PlantRow[],
  issue: ImportOptions,
  step: StepRunner,
): Promise<IssuedCredential[]> {
  const authority = issuingAuthority(context);
  const turns = new Turns(inFlight);
  let isOver = false;
  // Without a pause between batches, which only tell how far it is. What comes after a failure is not made any more, and
  // not told either: the failure is.
  const made = plants.map((plant) =>
    turns.run(async () => {
      await nextTurn();
      if (isOver) throw new ConsoleError('internal/unexpected');
      return await issueCredential(context, plant, { ...issue, authority });
    }),
  );
  for (const one of made) {
    one.catch(() => {
      isOver = true;
    });
  }
  const issued: IssuedCredential[] = [];
  const batchSize = Math.max(Math.ceil(plants.length / issueSteps), 1);
  for (let first = 0; first < plants.length; first += batchSize) {
    const batch = made.slice(first, first + batchSize);
    await step(`Issue credentials ${first + 1} to ${first + batch.length} of ${plants.length}`, async () => {
      issued.push(...(await Promise.all(batch)));
    });
  }
  return issued;
}

async function storeAll(context: OperationContext, plants: readonly NewPlant[], createdAt: string): Promise<void> {
  const { operations, settings } = context.vault;
  const open: OpenImport = { operationId: randomUUID(), createdAt, plantIds: plants.map(({ row }) => row.plantId) };
  context.vault.transaction(() => {
    if (openImport(context)) throw new ConsoleError('plant/import-running');
    settings.set(importSetting, JSON.stringify(open));
    const subject = counted(plants.length);
    operations.start({ operationId: open.operationId, kind: importKind, subject, startedAt: timestamp(context) });
  });
  try {
    for (let first = 0; first < plants.length; first += storedAtOnce) {
      const slice = plants.slice(first, first + storedAtOnce);
      context.vault.transaction(() => {
        for (const plant of slice) storeOne(context, plant);
      });
      await nextTurn();
    }
    context.vault.transaction(() => {
      settings.set(importSetting, '');
      operations.finish(open.operationId, 'succeeded', timestamp(context));
      audit(context, 'plants.import', counted(plants.length));
    });
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'vault/locked')) await undo(context, open);
    throw error;
  }
}

function storeOne(context: OperationContext, { row, credential }: NewPlant): void {
  insertPlant(context, row);
  if (!credential) return;
  credential.store(row.createdAt);
  adoptSigningSecret(context, credential.package);
  audit(context, 'plant.provision', row.plantId, { authMethod: row.authMethod, ...credential.facts });
}

function openImport({ vault }: OperationContext): OpenImport | undefined {
  const text = vault.settings.get(importSetting);
  return text ? importSchema.parse(JSON.parse(text)) : undefined;
}

/** Whether an import was cut off by a crash or a lock, and is not undone yet. */
export const hasCutOffImport = (context: OperationContext): boolean => openImport(context) !== undefined;

/** Takes out again what an import that was cut off had registered. */
export async function undoCutOffImport(context: OperationContext): Promise<void> {
  const open = openImport(context);
  if (open) await undo(context, open);
}

async function undo(context: OperationContext, { operationId, createdAt, plantIds }: OpenImport): Promise<void> {
  const { operations, settings } = context.vault;
  for (let first = 0; first < plantIds.length; first += storedAtOnce) {
    context.vault.transaction(() => {
      for (const plantId of plantIds.slice(first, first + storedAtOnce)) takeOut(context, plantId, createdAt);
    });
    await nextTurn();
  }
  context.vault.transaction(() => {
    settings.set(importSetting, '');
    if (operations.get(operationId)?.state === 'interrupted') {
      operations.resolve(operationId, 'failed', timestamp(context));
    } else operations.finish(operationId, 'failed', timestamp(context));
    audit(context, 'plants.import-undone', counted(plantIds.length));
  });
  context.changed('plants');
}

/** Its certificate was never handed out, and its key goes with the credential. */
function takeOut({ vault }: OperationContext, plantId: PlantId, createdAt: string): void {
  if (vault.plants.get(plantId)?.createdAt !== createdAt) return;
  for (const { serialNumber } of vault.certificates.list({ plantId }).items) {
    vault.certificates.setState(serialNumber, 'superseded');
  }
  vault.plants.delete(plantId);
}

// What an import of plants would do: the file's own faults, and what the register says to each of its rows. Everything
// that can go wrong with a row is found here, before anything is made or stored.

import { ConsoleError, type FieldError } from '../../shared/model/errors.ts';
import { mqttUsername, type PlantId, type PlantInput } from '../../shared/model/plant.ts';
import {
  type ImportFault,
  type ImportPreview,
  type ImportRow,
  type ReadRow,
  readPlantImport,
  UnreadableImport,
} from '../../shared/model/plant-import.ts';
import { inSlices } from '../platform/slices.ts';
import type { OperationContext } from './context.ts';
import { newPlantId } from './plants.ts';

export type CheckedPlant = PlantInput & { readonly plantId: PlantId };

export type CheckedImport = {
  readonly preview: ImportPreview;
  /** Of the rows without a fault, with an id for each; empty when there is any fault. */
  readonly plants: readonly CheckedPlant[];
};

const usernamePage = 500;
const namedFaults = 50;

/** Changes nothing. Throws `plant/import-unreadable` for a file without rows. */
export async function checkImport(context: OperationContext, csv: string): Promise<CheckedImport> {
  const { rows, ignoredColumns } = await readRows(csv);
  const takenUsernames = await inSlices(passwordUsernames(context));
  const { checked, plants } = await inSlices(checkRows(context, rows, takenUsernames));
  const faulty = checked.filter(({ faults }) => faults.length > 0).length;
  return {
    preview: { rows: checked, faulty, ignoredColumns: [...ignoredColumns] },
    plants: faulty === 0 ? plants : [],
  };
}

async function readRows(csv: string) {
  try {
    return await inSlices(readPlantImport(csv));
  } catch (error) {
    if (error instanceof UnreadableImport)
      throw new ConsoleError('plant/import-unreadable', { because: error.message });
    throw error;
  }
}

/** Only a PASSWORD plant's username can be that of another plant. */
function* passwordUsernames({ vault }: OperationContext): Generator<undefined, Map<string, string>, undefined> {
  const usernames = new Map<string, string>();
  for (let offset = 0; ; offset += usernamePage) {
    const { items } = vault.plants.list({ authMethod: 'PASSWORD', limit: usernamePage, offset });
    for (const { username, name } of items) usernames.set(username, name);
    if (items.length < usernamePage) return usernames;
    yield;
  }
}

function* checkRows(
  context: OperationContext,
  rows: readonly ReadRow[],
  registered: ReadonlyMap<string, string>,
): Generator<undefined, { checked: ImportRow[]; plants: CheckedPlant[] }, undefined> {
  const lineOfId = new Map<string, number>();
  const lineOfUsername = new Map<string, number>();
  const plants: CheckedPlant[] = [];
  const faultsOf = (plantId: PlantId, username: string): ImportFault[] => {
    const field = 'plantId';
    const idLine = lineOfId.get(plantId);
    if (idLine !== undefined) return [{ code: 'duplicate', field, message: `line ${idLine} has this id` }];
    if (context.vault.plants.get(plantId)) return [{ code: 'exists', field, message: 'a plant with this id exists' }];
    const usernameLine = lineOfUsername.get(username);
    if (usernameLine !== undefined) {
      return [{ code: 'duplicate', field, message: `line ${usernameLine} has the same MQTT username ${username}` }];
    }
    const holder = registered.get(username);
    return holder === undefined
      ? []
      : [{ code: 'exists', field, message: `“${holder}” has the same MQTT username ${username}` }];
  };
  // Ids of the file first, so that one made here never takes a username that a later line needs.
  const checked: ImportRow[] = [];
  for (const { row, input } of rows) {
    if (!input?.plantId) {
      checked.push(row);
      continue;
    }
    const username = mqttUsername(input.plantId, input.authMethod);
    const faults = faultsOf(input.plantId, username);
    lineOfId.set(input.plantId, lineOfId.get(input.plantId) ?? row.line);
    lineOfUsername.set(username, lineOfUsername.get(username) ?? row.line);
    checked.push({ ...row, faults });
    yield;
  }
  for (const { row, input } of rows) {
    if (!input) continue;
    let { plantId } = input;
    while (!plantId) {
      const made = newPlantId();
      const username = mqttUsername(made, input.authMethod);
      if (lineOfUsername.has(username) || registered.has(username)) continue;
      lineOfUsername.set(username, row.line);
      plantId = made;
    }
    plants.push({ ...input, plantId });
    yield;
  }
  return { checked, plants };
}

/** Throws `plant/import-broken-line` or `plant/import-refused`, naming the lines. */
export function refuseFaults({ rows, faulty }: ImportPreview): void {
  if (faulty === 0) return;
  const fields: FieldError[] = [];
  let isBroken = false;
  for (const { line, faults } of rows) {
    for (const { code, field, message } of faults) {
      isBroken ||= code === 'broken-line';
      if (fields.length < namedFaults) fields.push({ field: `line ${line}${field ? `, ${field}` : ''}`, message });
    }
  }
  const [first] = fields;
  throw new ConsoleError(isBroken ? 'plant/import-broken-line' : 'plant/import-refused', {
    because: `${faulty === 1 ? '1 line' : `${faulty} lines`}${first ? `, first ${first.field}: ${first.message}` : ''}`,
    fields,
    details: { faulty },
  });
}

// Plants in bulk, as a CSV file names them: columns `name`, `site`, `auth method` and `uuid`, in any order; the last and
// the site may be left out or empty. Other columns are left alone, and named in the preview.

import { z } from 'zod';
import { readCsv } from './csv.ts';
import { type AuthMethod, type PlantInput, plantInputSchema } from './plant.ts';

/** More in one file would keep the secrets of too many plants in memory at once. */
export const maxImportedPlants = 5000;
/** In characters; the hosts take a megabyte at most. */
export const maxImportLength = 750_000;

/**
 * broken-line: the line is no CSV, or has another number of fields than the first. invalid-value: a field does not fit.
 * duplicate: an earlier line names the same plant or MQTT username. exists: the register has it.
 */
export const importFaultCodes = ['broken-line', 'invalid-value', 'duplicate', 'exists'] as const;

export const importFaultSchema = z.object({
  code: z.enum(importFaultCodes),
  /** As in a plant; null for the whole line. */
  field: z.enum(['name', 'site', 'authMethod', 'plantId']).nullable(),
  message: z.string(),
});
export type ImportFault = z.infer<typeof importFaultSchema>;

export const importRowSchema = z.object({
  /** In the file, from 1. */
  line: z.number().int(),
  /** As the file has it; null where it says nothing that can be shown. */
  name: z.string().nullable(),
  site: z.string().nullable(),
  authMethod: z.string().nullable(),
  plantId: z.string().nullable(),
  faults: z.array(importFaultSchema),
});
export type ImportRow = z.infer<typeof importRowSchema>;

export const importPreviewSchema = z.object({
  rows: z.array(importRowSchema),
  /** Rows with a fault; nothing is imported unless this is 0. */
  faulty: z.number().int(),
  ignoredColumns: z.array(z.string()),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

type Field = Exclude<ImportFault['field'], null>;

const columnFields: ReadonlyMap<string, Field> = new Map([
  ['name', 'name'],
  ['site', 'site'],
  ['authmethod', 'authMethod'],
  ['method', 'authMethod'],
  ['auth', 'authMethod'],
  ['uuid', 'plantId'],
  ['plantid', 'plantId'],
]);

/** What people write for a method, in lower case. */
const methodNames: ReadonlyMap<string, AuthMethod> = new Map([
  ['mtls', 'MTLS'],
  ['certificate', 'MTLS'],
  ['password', 'PASSWORD'],
  ['token', 'TOKEN'],
  ['jwt', 'TOKEN'],
]);

/** `input` is undefined where the row has a fault. */
export type ReadRow = { readonly row: ImportRow; readonly input: PlantInput | undefined };

export type ReadImport = {
  readonly rows: readonly ReadRow[];
  readonly ignoredColumns: readonly string[];
};

/** A file that has no rows at all: why. */
export class UnreadableImport extends Error {
  override readonly name = 'UnreadableImport';
}

/**
 * Reads the file row by row, with its own faults; what the register says to it is not known here. Yields after each
 * row, so that a long file can be read in slices. Throws `UnreadableImport`.
 */
export function* readPlantImport(text: string): Generator<undefined, ReadImport, undefined> {
  const records = readCsv(text);
  const { value: head } = records.next();
  if (!head) throw new UnreadableImport('the file is empty');
  if ('broken' in head) throw new UnreadableImport(`line ${head.line}: ${head.broken}`);
  const columns = readHead(head.fields);
  const rows: ReadRow[] = [];
  for (const record of records) {
    if (rows.length === maxImportedPlants) throw new UnreadableImport(`more than ${maxImportedPlants} plants`);
    rows.push(
      'broken' in record ? brokenRow(record.line, record.broken) : readRow(record.line, record.fields, columns),
    );
    yield;
  }
  if (rows.length === 0) throw new UnreadableImport('there is no line below the first, which names the columns');
  return { rows, ignoredColumns: columns.flatMap(({ title, field }) => (field ? [] : [title])) };
}

type ImportColumn = { readonly title: string; readonly field: Field | undefined };

function readHead(titles: readonly string[]): ImportColumn[] {
  const columns = titles.map((title) => ({
    title: title.trim(),
    field: columnFields.get(title.toLowerCase().replaceAll(/[\s_-]/g, '')),
  }));
  const fields = columns.flatMap(({ field }) => field ?? []);
  for (const [field, word] of [
    ['name', 'name'],
    ['authMethod', 'auth method'],
  ] as const) {
    if (!fields.includes(field)) throw new UnreadableImport(`the first line names no column “${word}”`);
  }
  if (new Set(fields).size < fields.length) throw new UnreadableImport('the first line names a column twice');
  return columns;
}

const emptyRow = { name: null, site: null, authMethod: null, plantId: null };

const brokenRow = (line: number, message: string): ReadRow => ({
  row: { line, ...emptyRow, faults: [{ code: 'broken-line', field: null, message }] },
  input: undefined,
});

function readRow(line: number, fields: readonly string[], columns: readonly ImportColumn[]): ReadRow {
  if (fields.length !== columns.length) {
    return brokenRow(line, `${fields.length} fields, where the first line has ${columns.length}`);
  }
  const value = (wanted: Field) => fields[columns.findIndex(({ field }) => field === wanted)]?.trim() ?? '';
  const [name, site, method, plantId] = [value('name'), value('site'), value('authMethod'), value('plantId')];
  const result = plantInputSchema.safeParse({
    name,
    site: site || null,
    authMethod: methodNames.get(method.toLowerCase()) ?? method,
    ...(plantId && { plantId }),
  });
  const faults = result.success ? [] : faultsOf(result.error);
  return {
    row: { line, name: shown(name), site: shown(site), authMethod: shown(method), plantId: shown(plantId), faults },
    input: result.data,
  };
}

/** What a cell may show of hostile text. */
const shown = (text: string): string | null =>
  text === '' ? null : text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd').slice(0, 200);

const faultsOf = ({ issues }: z.ZodError): ImportFault[] =>
  issues.map(({ path: [field], message }) => {
    switch (field) {
      case 'authMethod':
        return { code: 'invalid-value', field, message: 'must be MTLS, PASSWORD or TOKEN' };
      case 'name':
      case 'site':
      case 'plantId':
        return { code: 'invalid-value', field, message };
      default:
        return { code: 'invalid-value', field: null, message };
    }
  });

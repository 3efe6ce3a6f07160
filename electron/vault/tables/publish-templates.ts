import type { Database } from 'better-sqlite3';
import { messagePropertiesSchema } from '../../../shared/model/message-properties.ts';
import type { PublishTemplateRow, PublishTemplateTable } from '../rows/publish-templates.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange, parseColumn } from './sql.ts';

const columns = ['templateId', 'name', 'topic', 'encoding', 'qos', 'retain', 'properties', 'updatedAt'] as const;

type Stored = Pick<PublishTemplateRow, 'templateId' | 'name' | 'topic' | 'encoding' | 'qos' | 'updatedAt'> & {
  readonly retain: 0 | 1;
  /** JSON. */
  readonly properties: string | null;
};

export function publishTemplateTable(db: Database, sealer: Sealer): PublishTemplateTable {
  const rows = sealedRows<Stored>(db, sealer, 'publishTemplates', columns);
  const byId = rows.select<[string]>('WHERE templateId = ?');
  const byName = rows.select<[]>('ORDER BY name COLLATE NOCASE, rowid');
  const put = db.prepare(
    insertInto('publishTemplates', [...columns, 'payload']).replace('INSERT', 'INSERT OR REPLACE'),
  );
  const remove = db.prepare('DELETE FROM publishTemplates WHERE templateId = ?');
  const toRow = ({ retain, properties, ...same }: Stored): PublishTemplateRow => ({
    ...same,
    retain: retain === 1,
    payload: rows.secret(same.templateId, 'payload') ?? '',
    ...(properties !== null && { properties: parseColumn(messagePropertiesSchema, properties) }),
  });
  return {
    put: ({ retain, properties, payload, ...same }) => {
      rows.write(same.templateId, () =>
        put.run({
          ...same,
          retain: retain ? 1 : 0,
          properties: properties ? JSON.stringify(properties) : null,
          payload: rows.sealed(same.templateId, 'payload', payload),
        }),
      );
    },
    get: (templateId) => {
      const stored = byId.get(templateId);
      return stored && toRow(stored);
    },
    list: () => byName.all().map(toRow),
    delete: (templateId) => mustChange(remove.run(templateId), 'publish/template-not-found'),
  };
}

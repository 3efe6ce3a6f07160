import { randomUUID } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PublishTemplate, TemplateContent } from '../../shared/model/publish.ts';
import { secretIn } from '../../shared/model/secret-words.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

export const listTemplates = ({ vault }: OperationContext): PublishTemplate[] => vault.publishTemplates.list();

/**
 * Makes one, or replaces the one with this id. Throws `publish/template-not-found` for an id that is not there, and
 * `publish/template-secret` where it seems to hold a secret.
 */
export function saveTemplate(
  context: OperationContext,
  content: TemplateContent,
  templateId: string | undefined,
): PublishTemplate {
  const { publishTemplates } = context.vault;
  if (templateId !== undefined && !publishTemplates.get(templateId)) {
    throw new ConsoleError('publish/template-not-found');
  }
  const secret = secretIn(writtenText(content));
  if (secret !== undefined) throw new ConsoleError('publish/template-secret', { because: `it looks like ${secret}` });
  const row = { ...content, templateId: templateId ?? randomUUID(), updatedAt: timestamp(context) };
  context.vault.transaction(() => {
    publishTemplates.put(row);
    audit(context, 'publish.template-save', row.templateId, { name: row.name });
  });
  return row;
}

/** Throws `publish/template-not-found`. */
export function renameTemplate(context: OperationContext, templateId: string, name: string): PublishTemplate {
  const known = context.vault.publishTemplates.get(templateId);
  if (!known) throw new ConsoleError('publish/template-not-found');
  const { updatedAt: _, templateId: _id, ...content } = known;
  return saveTemplate(context, { ...content, name }, templateId);
}

/** Throws `publish/template-not-found`. */
export function deleteTemplate(context: OperationContext, templateId: string): void {
  context.vault.transaction(() => {
    context.vault.publishTemplates.delete(templateId);
    audit(context, 'publish.template-delete', templateId);
  });
}

/** Everything that was typed, with what an encoding hides. */
function writtenText({ payload, encoding, topic, properties = {} }: TemplateContent): string {
  const { contentType, responseTopic, correlationDataBase64 = '', userProperties = [] } = properties;
  const asName = userProperties.map(([name, value]) => JSON.stringify({ [name]: value }));
  return [
    encoding === 'text' ? payload : Buffer.from(payload, encoding).toString('utf8'),
    topic,
    contentType,
    responseTopic,
    Buffer.from(correlationDataBase64, 'base64').toString('utf8'),
    ...asName,
  ].join('\n');
}

import type { PublishTemplate } from '../../../shared/model/publish.ts';

/** A message to publish again. Its payload lies sealed: whoever wrote it may have written a secret into it. */
export type PublishTemplateRow = PublishTemplate;

export type PublishTemplateTable = {
  /** Of a new one, or in the place of the one with this id. */
  put(row: PublishTemplateRow): void;
  get(templateId: string): PublishTemplateRow | undefined;
  /** By name. */
  list(): PublishTemplateRow[];
  /** Throws `publish/template-not-found`. */
  delete(templateId: string): void;
};

import { handoverFile, listHandovers, makeHandover, previewHandover } from '../../operations/handover.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';
import { fileOf } from './file-of.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly recordingsFolder: string;
  readonly about: { readonly version: string };
};

export function handoversHandlers({ handovers }: Implementer, { contextOf, recordingsFolder, about }: Parts) {
  const place = { recordingsFolder, version: about.version };
  return {
    preview: handovers.preview.handler(({ input, context }) => previewHandover(contextOf(context), input)),
    make: handovers.make.handler(({ input, context }) => makeHandover(contextOf(context), input, place)),
    list: handovers.list.handler(({ context }) => listHandovers(contextOf(context))),
    file: handovers.file.handler(async ({ input, context }) =>
      fileOf(await handoverFile(contextOf(context), input.number, input.recordings === 'yes', place)),
    ),
  };
}

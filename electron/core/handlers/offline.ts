import type { DownloadFile } from '../../device/bundle/stick-files.ts';
import { type ExportedBundles, exportBundles, listBundles } from '../../operations/offline-bundles.ts';
import { importReceipt } from '../../operations/offline-receipts.ts';
import { answerRequest, makeRequestKit, viewRequest } from '../../operations/offline-requests.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';
import type { Reservations } from '../reservations.ts';

export function offlineHandlers({ offline }: Implementer, contextOf: ContextOf, deployments: Reservations) {
  return {
    exportBundles: offline.exportBundles.handler(async ({ input, context }) => {
      for (const plantId of input.plantIds) deployments.assertFree(plantId);
      return exportedFiles(await exportBundles(contextOf(context), input.plantIds, input));
    }),
    listBundles: offline.listBundles.handler(({ input, context }) => listBundles(contextOf(context), input)),
    importReceipt: offline.importReceipt.handler(({ input, context }) =>
      importReceipt(contextOf(context), input.receipt, {
        plantId: input.plantId,
        assertFree: (plantId) => deployments.assertFree(plantId),
      }),
    ),
    requestKit: offline.requestKit.handler(async ({ input, context }) =>
      fileOf(await makeRequestKit(contextOf(context), input.plantId, input)),
    ),
    readRequest: offline.readRequest.handler(({ input, context }) =>
      viewRequest(contextOf(context), input.plantId, input.request),
    ),
    answerRequest: offline.answerRequest.handler(async ({ input, context }) => {
      deployments.assertFree(input.plantId);
      return exportedFiles(await answerRequest(contextOf(context), input.plantId, input.request, input));
    }),
  };
}

const fileOf = ({ name, type, bytes }: DownloadFile): File => new File([bytes], name, { type });

const exportedFiles = ({ bundles, file }: ExportedBundles) => ({ bundles, file: fileOf(file) });

import { authorityImportInputSchema, authorityImportPreviewSchema } from '../model/authority-import.ts';
import { authoritySchema } from '../model/certificate.ts';
import { procedure } from './base.ts';

const tags = ['Authority'];

/** Their bodies may be larger than any other's: a host that limits bodies must know them. */
export const authorityImportPaths = ['/authority/import', '/authority/import/preview'] as const;
const [importPath, previewPath] = authorityImportPaths;

/** An authority that was run elsewhere: openssl's files, an easy-rsa `pki/`, an export of XCA's, or a PKCS#12. */
export const authorityImportProcedures = {
  import: procedure
    .route({
      method: 'POST',
      path: importPath,
      successStatus: 201,
      tags,
      summary: 'Adopt an authority with its register, revocations and counting into an empty vault, or change nothing',
    })
    .input(authorityImportInputSchema)
    .output(authoritySchema),
  previewImport: procedure
    .route({ method: 'POST', path: previewPath, tags, summary: 'What an import of these files would bring' })
    .input(authorityImportInputSchema)
    .output(authorityImportPreviewSchema),
};

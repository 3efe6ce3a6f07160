import { z } from 'zod';
import { certificateDetailSchema, registerCheckSchema } from '../model/certificate-check.ts';
import { passive, procedure } from './base.ts';

const tags = ['Authority'];

export const certificateCheckProcedures = {
  certificate: passive
    .route({
      method: 'GET',
      path: '/certificates/{serialNumber}',
      tags,
      summary: 'One certificate, and what the checklist of RFC 5280 and of this console says of it',
    })
    .input(z.object({ serialNumber: z.string().regex(/^[0-9a-f]{1,64}$/) }))
    .output(certificateDetailSchema),
  check: procedure
    .route({
      method: 'POST',
      path: '/authority/check',
      tags,
      summary: 'Hold every certificate and CRL of this vault against the checklist',
    })
    .output(registerCheckSchema),
};

// The OpenAPI 3.1 document, derived from the contract; only what HTTP adds is written here.

import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { apiPrefix } from '../../shared/contract/base.ts';
import { contract } from '../../shared/contract/contract.ts';
import { errorCatalog } from '../../shared/model/errors.ts';
import { problemMediaType } from './response.ts';
import { isRestProcedure } from './routes.ts';

/** ProblemDetails of shared/model/errors.ts (RFC 9457). */
const problemSchema: OpenAPI.SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorCatalog) },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
    details: { type: 'object', additionalProperties: true },
  },
};

const problemReference = { $ref: '#/components/responses/Problem' };

const operationsOf = (path: OpenAPI.PathItemObject): readonly OpenAPI.OperationObject[] =>
  [path.get, path.post, path.put, path.patch, path.delete].filter((operation) => operation !== undefined);

export async function createOpenApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    filter: ({ contract: procedure }) => isRestProcedure(procedure),
    info: { title: 'Voke Console', version },
    servers: [{ url: apiPrefix }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { ProblemDetails: problemSchema },
      responses: {
        Problem: {
          description: 'What went wrong and what to do, with a stable code',
          content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
        },
      },
    },
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of path ? operationsOf(path) : []) {
      operation.responses = { ...operation.responses, default: problemReference };
    }
  }
  const health = document.paths?.['/health']?.get;
  if (health) health.security = [];
  return document;
}

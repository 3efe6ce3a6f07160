import { z } from 'zod';
import {
  authorityDefaults,
  authorityKeyAlgorithmSchema,
  authoritySchema,
  certificateKindSchema,
  certificateSchema,
  certificateStateSchema,
  maxCrlDays,
} from '../model/certificate.ts';
import { authorityFileNames, exportPasswordSchema } from '../model/credential-export.ts';
import { expirySchema } from '../model/expiry.ts';
import { tokenKeySchema } from '../model/token-key.ts';
import { authorityImportProcedures } from './authority-import.ts';
import { authorityRegisterProcedures } from './authority-register.ts';
import { limitSchema, offsetSchema, passive, procedure } from './base.ts';
import { certificateCheckProcedures } from './certificate-checks.ts';

const tags = ['Authority'];

/** SPKI PEM for people; PKCS#1 DER for the broker; SPKI DER, which the broker takes and then refuses every login with. */
export const tokenKeyFileNames = ['jwt-public.pem', 'jwt-public.der', 'jwt-public-spki.der'] as const;
export type TokenKeyFileName = (typeof tokenKeyFileNames)[number];

/** `insist`: do it although somebody is locked out by it. */
const tokenKeyInput = z.object({ keyId: z.string().min(1).max(100), insist: z.boolean().default(false) });

export const authorityContract = {
  create: procedure
    .route({ method: 'POST', path: '/authority', successStatus: 201, tags, summary: 'Make the certificate authority' })
    .input(
      z
        .object({
          subject: z.string().trim().min(1).max(500).default(authorityDefaults.subject),
          keyAlgorithm: authorityKeyAlgorithmSchema.default(authorityDefaults.keyAlgorithm),
          validityDays: z.number().int().min(1).max(36500).default(authorityDefaults.validityDays),
        })
        .prefault({}),
    )
    .output(authoritySchema),
  ...authorityImportProcedures,
  ...authorityRegisterProcedures,
  ...certificateCheckProcedures,
  get: passive
    .route({ method: 'GET', path: '/authority', tags, summary: 'The authority and the state of its CRL' })
    .output(authoritySchema),
  certificateFile: passive
    .route({ method: 'GET', path: '/authority/ca.crt', tags, summary: 'The root certificate (PEM)' })
    .output(z.file()),
  crlFile: passive
    .route({ method: 'GET', path: '/authority/ca.crl', tags, summary: 'The certificate revocation list (PEM)' })
    .output(z.file()),
  derFile: passive
    .route({ method: 'GET', path: '/authority/files/{file}', tags, summary: 'Certificate or CRL as DER, by file name' })
    .input(z.object({ file: z.enum(authorityFileNames) }))
    .output(z.file()),
  exportSet: procedure
    .route({
      method: 'POST',
      path: '/authority/export',
      tags,
      summary:
        'Everything in the folders of the mTLS document with the register of openssl, as a tar; private keys of plants are handed over by it',
    })
    .input(
      z
        .object({
          withPrivateKeys: z.boolean().default(false),
          /** Puts the authority's key in, encrypted by it. */
          authorityPassphrase: exportPasswordSchema.optional(),
        })
        .prefault({}),
    )
    .output(z.file()),
  renewCrl: procedure
    .route({
      method: 'POST',
      path: '/authority/renew-crl',
      tags,
      summary: 'Publish the CRL anew, with new dates; a push brings it to the brokers',
    })
    .output(authoritySchema),
  setCrlPolicy: procedure
    .route({
      method: 'PUT',
      path: '/authority/crl-policy',
      tags,
      summary: 'How long CRLs are good for; they are published anew with it, and a push brings them to the brokers',
    })
    .input(z.object({ nextUpdateDays: z.number().int().min(1).max(maxCrlDays) }))
    .output(authoritySchema),
  expiries: passive
    .route({
      method: 'GET',
      path: '/authority/expiries',
      tags,
      summary: 'Everything that ends some day, soonest first',
    })
    .output(z.array(expirySchema)),
  calendarFile: passive
    .route({ method: 'GET', path: '/authority/expiries.ics', tags, summary: 'The same as a calendar (RFC 5545)' })
    .output(z.file()),
  tokenKeys: passive
    .route({ method: 'GET', path: '/authority/token-keys', tags, summary: 'The keys that sign tokens, newest first' })
    .output(z.array(tokenKeySchema)),
  startTokenRollover: procedure
    .route({
      method: 'POST',
      path: '/authority/token-keys',
      successStatus: 201,
      tags,
      summary: 'Make the next token key, trusted beside the one that signs; push it to every broker',
    })
    .output(z.array(tokenKeySchema)),
  signWithTokenKey: procedure
    .route({
      method: 'POST',
      path: '/authority/token-keys/{keyId}/sign',
      tags,
      summary: 'Sign new tokens with this key; 409 while a broker does not trust it, unless insisted on',
    })
    .input(tokenKeyInput)
    .output(z.array(tokenKeySchema)),
  retireTokenKey: procedure
    .route({
      method: 'POST',
      path: '/authority/token-keys/{keyId}/retire',
      tags,
      summary: 'Trust this key no more; 409 while plants hold its tokens, unless insisted on',
    })
    .input(tokenKeyInput)
    .output(z.array(tokenKeySchema)),
  /** The public half of the key that signs tokens, in the forms of the JWT document; its private half leaves the vault in none. */
  tokenKeyFile: passive
    .route({ method: 'GET', path: '/authority/jwt/{file}', tags, summary: 'The public token key, by file name' })
    .input(z.object({ file: z.enum(tokenKeyFileNames) }))
    .output(z.file()),
  listCertificates: passive
    .route({ method: 'GET', path: '/certificates', tags, summary: 'Every certificate that was issued' })
    .input(
      z.object({
        kind: certificateKindSchema.optional(),
        state: certificateStateSchema.optional(),
        limit: limitSchema,
        offset: offsetSchema,
      }),
    )
    .output(z.object({ items: z.array(certificateSchema), total: z.number().int() })),
};

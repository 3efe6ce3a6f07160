// One plant's certificate credential as files. A private key that leaves in the clear is handed over, as by a download:
// its copy here is destroyed. Under a password it stays here, so that another try is possible.

import type { CredentialExportFormat } from '../../shared/model/credential-export.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { fromPem } from '../authority/pem.ts';
import { type Pkcs12Form, writePkcs12 } from '../authority/pkcs12/write.ts';
import { plainFileName } from '../device/bundle/stick-files.ts';
import { packFiles } from '../platform/tar.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { authorityFile, requireAuthority } from './authority.ts';
import { audit, type OperationContext } from './context.ts';
import { markHandedOver, newestCredential, openPackage } from './credential-lifecycle.ts';
import { requirePlant } from './plants.ts';

export type ExportedFile = {
  readonly name: string;
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer> | Blob;
};

type Exported = {
  readonly plant: PlantRow;
  readonly credential: CredentialRow;
  readonly certificate: CertificateRow;
  /** Of the authority that issued it. */
  readonly authorityPem: string;
  /** PKCS#8; undefined when it is not here any more, or never was. */
  readonly keyPem: string | undefined;
};

const pemType = 'application/x-pem-file';
const readableMode = 0o644;

/**
 * The newest certificate of a plant in one format. Throws `plant/wrong-auth-method`, `credential/not-found`, and
 * `credential/handed-over` where the format needs a private key that is no longer here.
 */
export async function exportCredential(
  context: OperationContext,
  plantId: PlantId,
  format: CredentialExportFormat,
  password = '',
): Promise<ExportedFile> {
  const exported = gather(context, plantId);
  const { certificate, authorityPem } = exported;
  const name = `${plainFileName(exported.plant.name)}-${plantId.slice(0, 8)}`;
  switch (format) {
    case 'certificate':
      return { name: `${name}.crt`, type: pemType, content: certificate.certificatePem };
    case 'chain':
      return { name: `${name}-chain.pem`, type: pemType, content: certificate.certificatePem + authorityPem };
    case 'der': {
      const content = Uint8Array.from(fromPem('CERTIFICATE', certificate.certificatePem));
      return { name: `${name}.der`, type: 'application/pkix-cert', content };
    }
    case 'pem':
      return await pemSet(context, exported, name);
    case 'pkcs12':
      return await pkcs12(context, exported, { name: `${name}-aes256.p12`, form: 'modern', password });
    case 'pkcs12-compatible':
      return await pkcs12(context, exported, { name: `${name}-3des.p12`, form: 'compatible', password });
  }
}

function gather(context: OperationContext, plantId: PlantId): Exported {
  const plant = requirePlant(context, plantId);
  if (plant.authMethod !== 'MTLS') {
    throw new ConsoleError('plant/wrong-auth-method', { because: `it is ${plant.authMethod}`, details: { plantId } });
  }
  const credential = newestCredential(context, plantId);
  const { certificates, authorities } = context.vault;
  const certificate = certificates.get(credential.certificateSerialNumber ?? '');
  if (!certificate) throw new ConsoleError('credential/not-found', { details: { plantId } });
  const authority = authorities.get(certificate.authorityId) ?? requireAuthority(context);
  return {
    plant,
    credential,
    certificate,
    authorityPem: authority.certificatePem,
    keyPem: privateKeyOf(context, credential),
  };
}

/** Undefined when it was handed over, or made on the device. */
export function privateKeyOf(context: OperationContext, credential: CredentialRow): string | undefined {
  if (!credential.secretsAvailable) return undefined;
  const { auth } = openPackage(context, credential);
  return 'deviceKeyPem' in auth ? auth.deviceKeyPem : undefined;
}

async function pemSet(context: OperationContext, exported: Exported, name: string): Promise<ExportedFile> {
  const { plant, credential, certificate, authorityPem, keyPem } = exported;
  const { certificatePem } = certificate;
  const content = await packFiles(
    [
      { name: `${name}/device.crt`, content: certificatePem, mode: readableMode },
      ...(keyPem === undefined ? [] : [{ name: `${name}/device.key`, content: keyPem }]),
      { name: `${name}/ca.crt`, content: authorityFile(context), mode: readableMode },
      { name: `${name}/chain.pem`, content: certificatePem + authorityPem, mode: readableMode },
      { name: `${name}/README.txt`, content: readme(exported), mode: readableMode },
    ],
    context.clock.now(),
  );
  tellExport(context, exported, 'pem');
  if (keyPem !== undefined) {
    requireStill(context, credential);
    markHandedOver(context, credential, 'downloaded');
  }
  const withKey = keyPem === undefined ? 'without-key' : 'with-key';
  return { name: `${name}-${withKey}.tar`, type: 'application/x-tar', content };

  function readme({ keyPem: key }: Exported): string {
    return [
      `${plant.name}, ${plant.plantId}`,
      '',
      'device.crt   certificate of the plant; its CN is the MQTT username and client id',
      key === undefined
        ? 'device.key   NOT HERE: it was handed over before, or made on the device, and exists only there'
        : 'device.key   private key of the plant; keep it at mode 0600. The console keeps no copy.',
      'ca.crt       what the plant trusts its broker by',
      'chain.pem    device.crt and the authority that issued it in one file, for programs that want them so',
      '',
      `Serial number ${certificate.serialNumber}, valid from ${certificate.notBefore} to ${certificate.notAfter}.`,
      `SHA-256 ${certificate.fingerprint}`,
      '',
    ].join('\n');
  }
}

async function pkcs12(
  context: OperationContext,
  exported: Exported,
  { name, form, password }: { readonly name: string; readonly form: Pkcs12Form; readonly password: string },
): Promise<ExportedFile> {
  const { plant, credential, certificate, authorityPem, keyPem } = exported;
  if (keyPem === undefined) {
    throw new ConsoleError('credential/handed-over', { details: { plantId: plant.plantId } });
  }
  const contents = {
    privateKeyPem: keyPem,
    certificatePem: certificate.certificatePem,
    chainPems: [authorityPem],
    name: plant.name,
  };
  const content = Uint8Array.from(await writePkcs12(contents, password, form));
  requireStill(context, credential);
  tellExport(context, exported, `pkcs12 ${form}`);
  return { name, type: 'application/x-pkcs12', content };
}

/** Encrypting takes its time: what was revoked or handed over meanwhile does not leave. */
function requireStill(context: OperationContext, { credentialId, plantId }: CredentialRow): void {
  const newest = newestCredential(context, plantId);
  if (newest.credentialId !== credentialId || !newest.secretsAvailable) {
    throw new ConsoleError('credential/handed-over', { details: { plantId } });
  }
}

function tellExport(context: OperationContext, { plant, credential, keyPem }: Exported, format: string): void {
  audit(context, 'credential.export', plant.plantId, {
    credentialId: credential.credentialId,
    format,
    withPrivateKey: keyPem !== undefined,
  });
}

import { randomUUID } from 'node:crypto';
import { deviceCertificateDefaults, type LeafKeyAlgorithm } from '../../shared/model/certificate.ts';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import { maxTokenTtlSeconds, type ProvisioningPackage } from '../../shared/model/provisioning.ts';
import type { LeafKey } from '../authority/leaf.ts';
import { buildProvisioningPackage } from '../credentials/package.ts';
import { generatePassword, hashPassword } from '../credentials/passwords.ts';
import { generateSigningSecret } from '../credentials/signatures.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { authoritiesForPlants } from './authority.ts';
import { brokerAddress } from './brokers.ts';
import { certifyByAuthority, type IssuingAuthority, issueFromAuthority } from './certificates.ts';
import { requireOwnSoundKey } from './certified-keys.ts';
import type { OperationContext } from './context.ts';
import { noteTokenIssue, signPlantToken } from './plant-tokens.ts';
import { rememberFiles } from './remember-files.ts';

type Secrets = Parameters<typeof buildProvisioningPackage>[0]['auth'];

type MethodPart = {
  readonly auth: Secrets;
  readonly row: Pick<CredentialRow, 'certificateSerialNumber' | 'passwordHash' | 'expiresAt'> & {
    readonly keyIsElsewhere?: boolean;
  };
  /** Stores what belongs to the method beside the credential, inside the transaction. */
  store(): void;
  /** For the audit trail. */
  readonly facts: Readonly<Record<string, unknown>>;
};

export type IssuedCredential = {
  readonly package: ProvisioningPackage;
  readonly facts: Readonly<Record<string, unknown>>;
  store(now: string): void;
};

export type IssueOptions = {
  /** The broker that the plant will connect to; left out, that of its last credential, else the one registered first. */
  readonly brokerId?: string | undefined;
  /** Of a certificate. */
  readonly keyAlgorithm?: LeafKeyAlgorithm | undefined;
  /** Of a certificate; left out, the default or what the authority has left. */
  readonly validity?: LeafValidity | undefined;
  /** The key of the certificate, where somebody else made it and keeps it; MTLS only. */
  readonly deviceKey?: LeafKey | undefined;
  /** For many certificates; left out, the authority in force is made ready for this one. */
  readonly authority?: IssuingAuthority | undefined;
};

/** Makes the next credential of a plant by its auth method. Nothing is stored until `store` is called in a transaction. */
export async function issueCredential(
  context: OperationContext,
  plant: PlantRow,
  options: IssueOptions = {},
): Promise<IssuedCredential> {
  const credentialId = randomUUID();
  const part = await issueByMethod(context, plant, options);
  const trusted = authoritiesForPlants(context);
  const brokerId = options.brokerId ?? brokerBefore(context, plant);
  const provisioningPackage = buildProvisioningPackage({
    plantId: plant.plantId,
    ...brokerAddress(context, plant.authMethod, brokerId),
    caCertificatePem: joinPems(trusted.map(({ certificatePem }) => certificatePem)),
    auth: part.auth,
    hmacSecret: generateSigningSecret(),
  });
  return {
    package: provisioningPackage,
    facts: { credentialId, ...part.facts },
    store(now) {
      part.store();
      context.vault.credentials.insert(
        {
          credentialId,
          plantId: plant.plantId,
          authMethod: plant.authMethod,
          state: 'issued',
          createdAt: now,
          brokerId: brokerId ?? null,
          ...part.row,
        },
        JSON.stringify(provisioningPackage),
      );
      context.vault.credentialTrusts.put(
        credentialId,
        trusted.map(({ authorityId }) => authorityId),
      );
      rememberFiles(context, { credentialId, plantId: plant.plantId }, provisioningPackage);
    },
  };
}

/** A plant stays with its broker, unless that is gone or it proves itself in another way now. */
function brokerBefore({ vault }: OperationContext, { plantId, authMethod }: PlantRow): string | undefined {
  const last = vault.credentials.listForPlant(plantId).find((row) => row.authMethod === authMethod);
  return last?.brokerId && vault.brokers.get(last.brokerId) ? last.brokerId : undefined;
}

async function issueByMethod(context: OperationContext, plant: PlantRow, options: IssueOptions): Promise<MethodPart> {
  const { vault } = context;
  switch (plant.authMethod) {
    case 'PASSWORD': {
      const password = generatePassword();
      return {
        auth: { authMethod: 'PASSWORD', username: plant.username, password },
        row: { certificateSerialNumber: null, passwordHash: await hashPassword(password), expiresAt: null },
        facts: { username: plant.username },
        store() {},
      };
    }
    case 'MTLS': {
      const { row, privateKey } = await certificateOf(context, plant, options);
      return {
        auth: { authMethod: 'MTLS', deviceCertPem: row.certificatePem, ...privateKey },
        row: {
          certificateSerialNumber: row.serialNumber,
          passwordHash: null,
          expiresAt: row.notAfter,
          keyIsElsewhere: options.deviceKey !== undefined,
        },
        facts: { serialNumber: row.serialNumber, fingerprint: row.fingerprint },
        store: () => {
          // Somebody may have had the same key certified meanwhile.
          if (options.deviceKey) requireOwnSoundKey(context, plant.plantId, options.deviceKey.publicKey);
          vault.certificates.insert(row);
        },
      };
    }
    case 'TOKEN': {
      // The longest that is allowed: the plant must live through the day of its commissioning, and fetches its own tokens then.
      const { token, expiresAt, keyId } = await signPlantToken(context, plant.plantId, maxTokenTtlSeconds);
      return {
        auth: { authMethod: 'TOKEN', username: plant.username, token, expiresAt },
        row: { certificateSerialNumber: null, passwordHash: null, expiresAt },
        facts: { tokenExpiresAt: expiresAt, tokenKeyId: keyId },
        store: () => noteTokenIssue(context, plant.plantId, { keyId, expiresAt }),
      };
    }
  }
}

async function certificateOf(
  context: OperationContext,
  { plantId }: PlantRow,
  { keyAlgorithm = deviceCertificateDefaults.keyAlgorithm, validity, deviceKey, authority }: IssueOptions,
) {
  const profile = { kind: 'device', plantId } as const;
  if (deviceKey) {
    requireOwnSoundKey(context, plantId, deviceKey.publicKey);
    const row = await certifyByAuthority(context, { profile, key: deviceKey, validity }, { plantId });
    return { row, privateKey: {} };
  }
  const { row, privateKeyPem } = await issueFromAuthority(
    context,
    { profile, keyAlgorithm, validity },
    { plantId },
    authority,
  );
  return { row, privateKey: { deviceKeyPem: privateKeyPem } };
}

// Which plants a campaign reaches, and why others are left out. What is planned is fixed: who agreed to a campaign knows
// what it touches.

import { randomUUID } from 'node:crypto';
import {
  type CampaignCandidate,
  type CampaignSelection,
  type CampaignSettings,
  type ExclusionReason,
  middleStates,
  openCampaignStates,
} from '../../shared/model/campaign.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { Plant, PlantId } from '../../shared/model/plant.ts';
import type { CampaignRow } from '../vault/rows/campaigns.ts';
import type { DeviceRow } from '../vault/rows/devices.ts';
import type { OfflineBundleRow } from '../vault/rows/offline-bundles.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { listPlants, liveStates, requirePlant, viewPlants } from './plants.ts';

const dayMs = 86_400_000;

/** The chosen plants, the soonest to end first. Throws `plant/not-found`. */
export function previewCampaign(context: OperationContext, selection: CampaignSelection): CampaignCandidate[] {
  const exclude = exclusions(context);
  return chosenPlants(context, selection)
    .map((plant) => ({
      plantId: plant.plantId,
      name: plant.name,
      site: plant.site,
      credentialExpiresAt: plant.credentialExpiresAt,
      excludedBecause: exclude(plant),
    }))
    .toSorted(bySoonestEnd);
}

/** Plans a campaign; it begins when it is started. Throws `campaign/empty`, `plant/not-found`. */
export function createCampaign(
  context: OperationContext,
  selection: CampaignSelection,
  settings: CampaignSettings,
): CampaignRow {
  const chosen = previewCampaign(context, selection).filter(({ excludedBecause }) => excludedBecause === null);
  if (chosen.length === 0) throw new ConsoleError('campaign/empty');
  const campaignId = randomUUID();
  const row: CampaignRow = {
    campaignId,
    name: settings.name,
    state: settings.needsApproval ? 'awaitingApproval' : 'ready',
    pausedBecause: null,
    problemCode: null,
    problemDetail: null,
    settings,
    createdBy: context.actor,
    createdAt: timestamp(context),
    approvedBy: null,
    approvedAt: null,
    finishedAt: null,
  };
  const plants = chosen.map(({ plantId, name }, position) => ({
    campaignPlantId: `${campaignId}:${plantId}`,
    campaignId,
    position,
    plantId,
    plantName: name,
    state: 'waiting' as const,
    outcome: null,
    attempts: 0,
    credentialId: null,
    startedAt: null,
    finishedAt: null,
    errorCode: null,
    errorDetail: null,
  }));
  context.vault.transaction(() => {
    context.vault.campaigns.insert(row, plants);
    const { verify, notBefore, notAfter, needsApproval } = settings;
    audit(context, 'campaign.create', campaignId, {
      name: row.name,
      plants: plants.length,
      verify,
      notBefore,
      notAfter,
      needsApproval,
    });
  });
  context.changed('campaigns');
  return row;
}

function chosenPlants(context: OperationContext, selection: CampaignSelection): Plant[] {
  switch (selection.kind) {
    case 'plants':
      return viewPlants(
        context,
        [...new Set(selection.plantIds)].map((plantId) => requirePlant(context, plantId)),
      );
    case 'site':
      return listPlants(context, {}).items.filter(({ site }) => site === selection.site);
    case 'expiring': {
      const until = new Date(context.clock.now().getTime() + selection.days * dayMs).toISOString();
      return listPlants(context, {}).items.filter(
        ({ authMethod, credentialExpiresAt: end }) => authMethod === 'MTLS' && end !== null && end <= until,
      );
    }
  }
}

const bySoonestEnd = (a: CampaignCandidate, b: CampaignCandidate): number =>
  (a.credentialExpiresAt ?? '~').localeCompare(b.credentialExpiresAt ?? '~') || a.name.localeCompare(b.name);

/** Reads once what every plant is judged by. */
function exclusions({ vault }: OperationContext): (plant: Plant) => ExclusionReason | null {
  const devices = new Map(vault.devices.list().map((device) => [device.plantId, device]));
  const bundles = new Map<PlantId, OfflineBundleRow>();
  for (const bundle of vault.offlineBundles.list().toReversed()) bundles.set(bundle.plantId, bundle);
  const keysElsewhere = new Set(
    vault.credentials.listInStates(liveStates).flatMap((row) => (row.keyIsElsewhere ? row.plantId : [])),
  );
  const busy = new Set(
    vault.campaigns
      .list()
      .filter(({ state }) => openCampaignStates.includes(state))
      .flatMap(({ campaignId }) => vault.campaigns.plants(campaignId))
      .filter(({ state }) => state === 'waiting' || middleStates.includes(state))
      .map(({ plantId }) => plantId),
  );
  return ({ plantId, status, credentialWaits }) => {
    const device = devices.get(plantId);
    const bundle = bundles.get(plantId);
    if (status === 'REVOKED') return 'revoked';
    if (!device) return 'noDevice';
    if (!hasConfirmedKeys(device)) return 'hostKeyUnknown';
    if (bundle?.keyIsOnDevice || keysElsewhere.has(plantId)) return 'keyOnDevice';
    if (bundle && bundle.importedAt === null && credentialWaits) return 'bundleOpen';
    return busy.has(plantId) ? 'inCampaign' : null;
  };
}

const hasConfirmedKeys = ({ hostKeyFingerprint, jump, jumpHostKeyFingerprint }: DeviceRow): boolean =>
  hostKeyFingerprint !== null && (jump === null || jumpHostKeyFingerprint !== null);

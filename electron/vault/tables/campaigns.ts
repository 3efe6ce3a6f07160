import type { Database } from 'better-sqlite3';
import { type CampaignRowState, campaignSettingsSchema } from '../../../shared/model/campaign.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { CampaignPlantRow, CampaignRow, CampaignTable } from '../rows/campaigns.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, parseColumn, updateRow } from './sql.ts';

const columns = [
  'campaignId',
  'name',
  'state',
  'pausedBecause',
  'problemCode',
  'problemDetail',
  'settings',
  'createdBy',
  'createdAt',
  'approvedBy',
  'approvedAt',
  'finishedAt',
] as const satisfies readonly (keyof CampaignRow)[];

const plantColumns = [
  'campaignPlantId',
  'campaignId',
  'position',
  'plantId',
  'plantName',
  'state',
  'outcome',
  'attempts',
  'credentialId',
  'startedAt',
  'finishedAt',
  'errorCode',
  'errorDetail',
] as const satisfies readonly (keyof CampaignPlantRow)[];

type StoredCampaign = Omit<CampaignRow, 'settings'> & { settings: string };

const toRow = (stored: StoredCampaign): CampaignRow => ({
  ...stored,
  settings: parseColumn(campaignSettingsSchema, stored.settings),
});

/** `update` and `updatePlant` throw `campaign/not-found`. */
export function campaignTable(db: Database, sealer: Sealer): CampaignTable {
  const campaigns = sealedRows<StoredCampaign>(db, sealer, 'campaigns', columns);
  const plants = sealedRows<CampaignPlantRow>(db, sealer, 'campaignPlants', plantColumns);
  const insert = db.prepare(insertInto('campaigns', columns));
  const insertPlant = db.prepare(insertInto('campaignPlants', plantColumns));
  const update = db.prepare(updateRow('campaigns', 'campaignId', columns.slice(1)));
  const updatePlant = db.prepare(updateRow('campaignPlants', 'campaignPlantId', plantColumns.slice(1)));
  const byId = campaigns.select<[string]>('WHERE campaignId = ?');
  const all = campaigns.select<[]>('ORDER BY createdAt DESC, rowid DESC');
  const counts = db
    .prepare<[string], [CampaignRowState, number]>(
      'SELECT state, count(*) FROM campaignPlants WHERE campaignId = ? GROUP BY state',
    )
    .raw();
  const plantById = plants.select<[string]>('WHERE campaignPlantId = ?');
  const ofCampaign = plants.select<[string]>('WHERE campaignId = ? ORDER BY position');

  return {
    insert: db.transaction((row, rows) => {
      campaigns.write(row.campaignId, () => insert.run({ ...row, settings: JSON.stringify(row.settings) }));
      for (const plant of rows) plants.write(plant.campaignPlantId, () => insertPlant.run(plant));
    }),
    get: (campaignId) => {
      const stored = byId.get(campaignId);
      return stored && toRow(stored);
    },
    list: () => all.all().map(toRow),
    update: (campaignId, change) => {
      const stored = byId.get(campaignId);
      if (!stored) throw new ConsoleError('campaign/not-found');
      campaigns.write(campaignId, () => update.run({ ...stored, ...change }));
    },
    plants: (campaignId) => ofCampaign.all(campaignId),
    counts: (campaignId) => new Map(counts.all(campaignId)),
    plant: (campaignPlantId) => plantById.get(campaignPlantId),
    updatePlant: (campaignPlantId, change) => {
      const stored = plantById.get(campaignPlantId);
      if (!stored) throw new ConsoleError('campaign/not-found');
      plants.write(campaignPlantId, () => updatePlant.run({ ...stored, ...change }));
    },
  };
}

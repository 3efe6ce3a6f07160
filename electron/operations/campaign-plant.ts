// One plant of a campaign, from wherever it stands to a credential that is in force.
// - What the vault says of a row in the middle is where it was begun, not where it ended: the device is asked first.
// - A credential that is in force, or lies on a device, stays until the next one is heard; only one that never left the
//   vault is replaced at once.
// - A refused login is never tried again by itself: some devices lock their users out.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { CampaignPlantRow } from '../vault/rows/campaigns.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import { type OperationContext, timestamp } from './context.ts';
import { issueBeside } from './credential-lifecycle.ts';
import { confirmDeployment, deployPlant } from './deploy.ts';
import { liveCredentials, requirePlant } from './plants.ts';
import { type DeployOptions, type DeployOutcome, waitStep } from './prove-deployment.ts';
import { lookAtDevice } from './roll-back-device.ts';
import type { StepRunner } from './steps.ts';

export type CampaignPlantOptions = DeployOptions & {
  /** Keeps everybody else from the plant's device. Throws while somebody is at it. */
  readonly reserve: (plantId: PlantId) => () => void;
};

/** Carries one row to its end and writes down where it stands. Throws nothing but `vault/locked`. */
export async function carryOutCampaignPlant(
  context: OperationContext,
  campaignPlantId: string,
  { reserve, followBrokers, ...options }: CampaignPlantOptions,
): Promise<void> {
  const { campaigns } = context.vault;
  const row = campaigns.plant(campaignPlantId);
  if (!row) return;
  const note = (change: Parameters<typeof campaigns.updatePlant>[1]) => {
    campaigns.updatePlant(campaignPlantId, change);
    context.changed('campaigns');
  };
  const end = (change: Pick<CampaignPlantRow, 'state'> & Partial<CampaignPlantRow>) =>
    note({ finishedAt: timestamp(context), ...change });
  let failedStep: string | undefined;
  let release = () => {};
  const step: StepRunner = async (name, work) => {
    if (name === waitStep) note({ state: 'verifying' });
    try {
      return await work();
    } catch (error) {
      failedStep = messageOf(error);
      throw error;
    }
  };

  note({
    state: 'issuing',
    attempts: row.attempts + 1,
    startedAt: timestamp(context),
    finishedAt: null,
    outcome: null,
    errorCode: null,
    errorDetail: null,
  });
  try {
    const plant = requirePlant(context, row.plantId);
    release = reserve(row.plantId);
    if (plant.status === 'REVOKED')
      return end({ state: 'skipped', ...failure(new ConsoleError('plant/wrong-status')) });
    if (isInForce(context, row)) return end({ state: 'done', outcome: 'verified' });
    const isThere = row.attempts > 0 && (await liesOnDevice(context, row));
    const credential = isThere ? undefined : await credentialFor(context, row);
    note({ state: 'deploying', ...(credential && { credentialId: credential.credentialId }) });
    const { state } = await (isThere ? confirmDeployment : deployPlant)(context, row.plantId, step, {
      ...options,
      // Only these are not known to a broker before it is told.
      followBrokers: plant.authMethod === 'PASSWORD' || plant.status === 'PENDING' ? followBrokers : undefined,
    });
    end(conclusionOf(state, failedStep));
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'vault/locked') throw error;
    const isGone = error instanceof ConsoleError && error.code === 'plant/not-found';
    end({ state: isGone ? 'skipped' : 'failed', ...failure(error) });
  } finally {
    release();
  }
}

function conclusionOf(
  state: DeployOutcome['state'],
  because: string | undefined,
): Pick<CampaignPlantRow, 'state'> & Partial<CampaignPlantRow> {
  const told = because === undefined ? {} : { because };
  switch (state) {
    case 'installed':
    case 'verified':
      return { state: 'done', outcome: state };
    case 'unverified':
      return { state: 'failed', ...failure(new ConsoleError('device/no-session', told)) };
    case 'rolledBack':
      return { state: 'failed', ...failure(new ConsoleError('device/rolled-back', told)) };
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof ConsoleError ? error : new ConsoleError('internal/unexpected')).message;

const failure = (error: unknown): Pick<CampaignPlantRow, 'errorCode' | 'errorDetail'> => ({
  errorCode: error instanceof ConsoleError ? error.code : 'internal/unexpected',
  errorDetail: messageOf(error),
});

/** The plant was heard over the campaign's credential, or the operator said so, while nobody was at the row. */
const isInForce = ({ vault }: OperationContext, { credentialId }: CampaignPlantRow): boolean =>
  credentialId !== null && vault.credentials.get(credentialId)?.state === 'active';

/** Asks the device. Throws what connecting throws. */
async function liesOnDevice(context: OperationContext, row: CampaignPlantRow): Promise<boolean> {
  const own = unfinishedCredential(context, row);
  if (!own) return false;
  const { credentialId, outcome } = await lookAtDevice(context, row.plantId, { keepSecrets: true });
  return outcome === 'read' && credentialId === own.credentialId;
}

/** The credential that this row brings: the one it was begun with, one that waits in the vault anyway, or a new one. */
async function credentialFor(context: OperationContext, row: CampaignPlantRow): Promise<CredentialRow> {
  const waiting = unfinishedCredential(context, row);
  if (waiting?.secretsAvailable) return waiting;
  await issueBeside(context, row.plantId);
  const [issued] = liveCredentials(context, row.plantId);
  if (!issued) throw new ConsoleError('credential/not-found', { details: { plantId: row.plantId } });
  return issued;
}

/**
 * The newest credential, if it is this row's own or nobody has got it yet: the row of a console that was killed between
 * issuing and writing it down has none of its own.
 */
function unfinishedCredential(context: OperationContext, row: CampaignPlantRow): CredentialRow | undefined {
  const [newest] = liveCredentials(context, row.plantId);
  if (!newest || newest.state === 'active') return undefined;
  return newest.credentialId === row.credentialId || newest.state === 'issued' ? newest : undefined;
}

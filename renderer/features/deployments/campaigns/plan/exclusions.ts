import type { ExclusionReason } from '../../../../../shared/model/campaign.ts';

/** Why a plant is left out, and what would bring it in. */
export const exclusionWords: Record<ExclusionReason, string> = {
  revoked: 'Its access was revoked.',
  noDevice: 'It has no device: store its address on its Device tab.',
  hostKeyUnknown: 'The host key of its device is not confirmed: compare it on its Device tab.',
  keyOnDevice: 'Its key was made on the device and stays there: answer a new request of it.',
  bundleOpen: 'Its newest credential travels on a stick: read the receipt first.',
  inCampaign: 'Another campaign has it.',
};

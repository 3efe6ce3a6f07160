import type { ErrorEntries } from './entry.ts';

/** Campaigns and their approvals. */
export const campaignsErrors = {
  'campaign/not-found': { status: 404, title: 'There is no campaign with this id.' },
  'campaign/empty': {
    status: 409,
    title: 'No plant is left for this campaign. Choose others; the preview says why each one was left out.',
  },
  'campaign/wrong-state': { status: 409, title: 'The campaign is in a state that does not allow this.' },
  'campaign/not-approved': {
    status: 409,
    title: 'A second person has to agree to this campaign before it begins.',
  },
  'campaign/window-over': {
    status: 409,
    title: 'The change window of this campaign is over. Plan another campaign for what is left.',
  },
  'campaign/own-approval': {
    status: 403,
    title: 'Nobody approves a campaign of their own. Ask somebody else who is enrolled.',
  },
  'campaign/cut-off': {
    status: 409,
    title:
      'The console was stopped while it was at this plant, and the campaign was cancelled. Look at the device to see what it holds.',
  },
  'campaign/wrong-code': { status: 403, title: 'This name and code do not belong together; nothing was approved.' },
  'campaign/approver-exists': { status: 409, title: 'Somebody with this name is enrolled already.' },
  'campaign/approver-not-found': { status: 404, title: 'Nobody with this name is enrolled.' },
} as const satisfies ErrorEntries;

import type { ErrorEntries } from './entry.ts';

/** Live topics and the practice plant. */
export const monitorErrors = {
  'alert/rule-not-found': { status: 404, title: 'There is no such alert rule.' },
  'alert/not-found': { status: 404, title: 'There is no such alert any more.' },
  'alert/too-many-rules': { status: 409, title: 'There are as many alert rules as can be judged. Delete one first.' },
  'monitor/connect-failed': { status: 502, title: 'The monitor could not connect to the broker.' },
  'monitor/unusable-credential': {
    status: 409,
    title: 'The monitor cannot connect with this credential. Choose another identity.',
  },
  'monitor/refused': { status: 502, title: 'The broker refused the identity of the monitor.' },
  'monitor/not-connected': { status: 409, title: 'The monitor is not connected to this broker.' },
  'publish/unanswered': {
    status: 504,
    title:
      'The broker did not answer to the message, so it may or may not have taken it. Look at the topic before trying again.',
  },
  'publish/not-confirmed': {
    status: 409,
    title: 'This reaches a live plant and was not confirmed as it stands now. Read what it does, and confirm that.',
  },
  'publish/retained-command': {
    status: 422,
    title: 'A command is never retained: the plant would obey it again at every connect. Publish it without retain.',
  },
  'publish/no-secret': {
    status: 409,
    title: 'There is no signing secret of this plant in the vault, and its listener takes no unsigned command.',
  },
  'publish/still-retained': {
    status: 502,
    title:
      'The broker still keeps retained messages that were to be deleted: it does not let this identity write there, or they were published anew. List them again.',
  },
  'publish/retained-changed': {
    status: 409,
    title:
      'The broker keeps something else there than what was listed: what was published since was left as it is, the rest is deleted. List it again.',
  },
  'publish/deletion-cancelled': {
    status: 409,
    title: 'The deletion was cancelled. What was deleted before is gone; list what is left.',
  },
  'publish/no-deletion': { status: 404, title: 'There is no deletion under way with this job.' },
  'publish/template-secret': {
    status: 422,
    title: 'A template holds no secret: everybody who opens the vault reads it. Leave the secret out before saving.',
  },
  'publish/template-not-found': { status: 404, title: 'There is no such template.' },
  'practice/plc-not-connected': {
    status: 409,
    title: 'The PLC is not connected to its broker, so it can neither speak nor hear. Start it first.',
  },
  'practice/asks-policy': {
    status: 409,
    title:
      'The practice broker asks the policy now, so its own files could not be proved. Let it go by its files first.',
  },
  'recording/not-found': { status: 404, title: 'There is no such recording.' },
  'recording/running': { status: 409, title: 'This is being recorded. Stop the recording first.' },
  'recording/file-missing': {
    status: 410,
    title: 'The file of this recording is not in the folder of the console any more, or cannot be read.',
  },
  'recording/unreadable': {
    status: 422,
    title: 'This file is not a recording: it has to be NDJSON in gzip, with a message in it.',
  },
  'recording/not-written': { status: 507, title: 'The file of the recording could not be written.' },
  'replay/not-found': { status: 404, title: 'There is no such replay.' },
  'replay/no-practice-broker': {
    status: 409,
    title: 'The practice broker does not run, and a recording is played to no other. Start the practice plant first.',
  },
  'practice/starting': { status: 409, title: 'The practice plant is being started. Wait until it runs.' },
} as const satisfies ErrorEntries;

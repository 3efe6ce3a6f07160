import type { ErrorEntries } from './entry.ts';

/** Plants and their credentials. */
export const plantsErrors = {
  'plant/not-found': { status: 404, title: 'There is no plant with this id.' },
  'plant/exists': { status: 409, title: 'A plant with this id already exists.' },
  'plant/username-taken': {
    status: 409,
    title:
      'Another PASSWORD plant begins with the same 8 hex digits, so both would share one MQTT username. Give this plant another id or another auth method.',
  },
  'plant/active': {
    status: 409,
    title: 'The plant is ACTIVE. Call revoke first to provision it again, or use rotate to issue beside the live one.',
  },
  'plant/wrong-status': { status: 409, title: 'The plant is not in a state that allows this.' },
  'plant/revocation-left': {
    status: 409,
    title:
      'The revocation cannot be taken back: it has left the console by a push, an export or a download, or there is none. Provision the plant again.',
  },
  'plant/wrong-auth-method': {
    status: 409,
    title: 'The plant authenticates in another way; this does not apply to it.',
  },
  'plant/has-credentials': {
    status: 409,
    title: 'The plant still has a credential that could connect. Revoke it first.',
  },
  'plant/import-unreadable': {
    status: 422,
    title:
      'This is no list of plants. Give a CSV file whose first line names the columns “name” and “auth method”, and “site” and “uuid” where there are any.',
  },
  'plant/import-broken-line': {
    status: 422,
    title: 'The file has lines that are no CSV, so nothing was imported. Correct the named lines.',
  },
  'plant/import-refused': {
    status: 422,
    title: 'The file has plants that cannot be registered, so nothing was imported. Correct the named lines.',
  },
  'plant/import-running': {
    status: 409,
    title: 'Another import of plants is under way, or is being taken back. Wait for it to end; nothing was imported.',
  },
  'credential/not-found': { status: 404, title: 'Nothing has been provisioned for this plant yet.' },
  'credential/handed-over': {
    status: 410,
    title: 'The secrets of this provisioning were handed over and destroyed. Provision again to get new ones.',
  },
  'credential/ttl-too-long': { status: 400, title: 'A token may live 86400 seconds (24 hours) at most.' },
} as const satisfies ErrorEntries;

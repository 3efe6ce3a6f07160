/** Where things lie in an exported archive. */
export const filesDirectory = 'mosquitto';
export const composeName = 'compose.yaml';
export const dropInName = 'systemd/voke-console.conf';

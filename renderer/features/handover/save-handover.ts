import type { ConsoleClient } from '../../transport.ts';
import { saveFile } from '../../ui/save-file.ts';

export async function saveHandover(client: ConsoleClient, number: number, withRecordings: boolean): Promise<void> {
  const file = await client.handovers.file({ number, recordings: withRecordings ? 'yes' : 'no' });
  saveFile(file, file.name);
}

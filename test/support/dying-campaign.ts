// A console in a process of its own that starts a campaign and is killed when so many of its plants are done.
// Arguments: data folder, campaign, how many.

import { setTimeout as sleep } from 'node:timers/promises';
import { passphrase, startConsole } from './console.ts';

const [dataDirectory = '', campaignId = '', enough = ''] = process.argv.slice(2);
const { client } = await startConsole({ dataDirectory });
await client.vault.unlock({ passphrase });
await client.campaigns.start({ campaignId });
for (;;) {
  const { counts } = await client.campaigns.get({ campaignId });
  if (counts.done >= Number(enough) && counts.deploying > 0) process.kill(process.pid, 'SIGKILL');
  await sleep(5);
}

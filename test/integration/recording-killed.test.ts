// The console is killed while it records. Whoever opens the vault next is told so: what was written can be read, its
// numbers and fingerprint are true, and what is missing is said to be unknown.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { recordingPath } from '../../electron/operations/recordings.ts';
import type { Recording } from '../../shared/model/recording.ts';
import { withContract } from '../browser/support/contract-client.ts';
import { passphrase, startConsole } from '../support/console.ts';
import { startLiveBroker } from '../support/live-broker.ts';
import { describeWith } from '../support/requirements.ts';
import { until } from '../support/until.ts';

const heard = 400;

/** A headless console of its own on this folder, and the end of it without warning. */
async function startDoomed(dataDirectory: string) {
  const script = join(import.meta.dirname, '..', '..', 'electron', 'headless.ts');
  const args = [script, '--data-dir', dataDirectory, '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url, token }: { url: string; token: string } = JSON.parse(line);
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  };
  return { url, token, kill };
}

describeWith('mosquitto')('a recording whose console is killed', () => {
  it('is readable, and says that nobody knows what it misses', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'voke-killed-'));
    onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }));
    const doomed = await startDoomed(dataDirectory);
    const { brokerId, recordingId, pump } = await withContract(doomed, async (client) => {
      await client.vault.create({ passphrase });
      await client.authority.create({ keyAlgorithm: 'EC-P256', subject: '/O=Test/CN=Test Root' });
      const { brokerId, port, login } = await startLiveBroker(client);
      const sender = await connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });
      onTestFinished(() => sender.endAsync(true));
      const started = await client.recordings.start({ brokerId, note: 'Night' });
      let said = 0;
      const pump = setInterval(() => {
        for (let i = 0; i < 20; i++) sender.publish(`cpi/${said % 7}/telemetry`, `value ${said++}`);
      }, 10);
      onTestFinished(() => clearInterval(pump));
      await until(async () => ((await client.recordings.list())[0]?.messages ?? 0) >= heard);
      return { brokerId, recordingId: started.recordingId, pump };
    });
    await doomed.kill();
    clearInterval(pump);

    const console = await startConsole({ dataDirectory });
    onTestFinished(async () => {
      // It goes on without its console, and is found by who looks.
      await console.client.brokers.look({ brokerId });
      await console.client.brokers.stop({ brokerId });
      await console.dispose();
    });
    const { recordings, handovers, vault, audit } = console.client;
    await vault.unlock({ passphrase });
    const row = async (): Promise<Recording | undefined> => (await recordings.list())[0];
    await until(async () => (await row())?.endedAt !== null);
    const cut = await row();
    const unknown = { dropped: null, oversized: null, droppedByBroker: null, gaps: null, gapMs: null };
    expect(cut).toMatchObject({ recordingId, note: 'Night', ending: 'cut', badLines: 0, ...unknown });
    expect(cut?.messages).toBeGreaterThanOrEqual(heard);

    const path = recordingPath(join(dataDirectory, 'recordings'), recordingId);
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', await readFile(path))).toString('hex');
    expect([cut?.sha256, cut?.bytes]).toEqual([digest, (await readFile(path)).byteLength]);
    // Any tool reads it up to where it was cut; gzip ends with 1 there.
    const { stdout } = await promisify(execFile)('sh', ['-c', 'gzip -dc -- "$1" 2>/dev/null; true', 'sh', path], {
      maxBuffer: 256 * 1024 * 1024,
    });
    const values = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => Buffer.from(JSON.parse(line).payloadBase64, 'base64').toString());
    expect(values).toEqual(values.map((_, i) => `value ${i}`));
    expect(values).toHaveLength(cut?.messages ?? 0);

    const { replayId } = await recordings.replay({ recordingId, target: 'monitor', speed: null });
    const replay = async () => (await recordings.listReplays()).find((one) => one.replayId === replayId);
    await until(async () => (await replay())?.state === 'ended');
    expect(await replay()).toMatchObject({ messages: cut?.messages, isCut: true });
    const { remarks } = await handovers.preview({ recordingIds: [recordingId] });
    expect(remarks.find(({ kind }) => kind === 'recordingIncomplete')?.text).toBe(
      'Cut in the middle; nobody knows how many messages were not written.',
    );
    const [line] = (await audit.list({})).items.filter(({ action }) => action === 'recording.end');
    expect(line?.details).toMatchObject({ recordingId, ending: 'cut', sha256: digest });
    await recordings.delete({ recordingId });
  });
});

// The three documents' client examples, in Python with paho-mqtt and MQTT 5, against a broker that was pushed.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProcessTarget } from '../../electron/broker/targets/process.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';
import { BrokerScene, consoleUsername, plantIds } from '../support/mosquitto.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { describeWith } from '../support/requirements.ts';

const examples = join(import.meta.dirname, '..', 'support', 'document-clients');
/** Debian's own, whatever other Python comes first on the PATH: python3-paho-mqtt belongs to it. */
const python = '/usr/bin/python3';

describeWith(
  'mosquitto',
  'openssl',
  'gcc',
  'python3',
)("the documents' clients", () => {
  let folder: string;
  let scene: BrokerScene;
  let plugin: BuiltPlugin;
  let broker: ProcessTarget;
  let console: MqttSession;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-examples-'));
    [scene, plugin] = await Promise.all([BrokerScene.create(), buildJwtPlugin()]);
    broker = new ProcessTarget({ directory: join(folder, 'broker'), jwtPlugin: plugin.path });
    await scene.push(broker);
    await writeFile(join(folder, 'ca.crt'), scene.authorityPem);
    console = await MqttSession.open(await scene.mtlsClient(consoleUsername));
    await console.client.subscribeAsync('cpi/#', { qos: 1 });
  });
  afterAll(async () => {
    await console?.close();
    await broker?.stop();
    await plugin?.remove();
    await scene?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const certificateOf = async (plantId: string) => {
    const { certificatePem, keyPem } = await scene.certificate(plantId);
    const [clientCert, clientKey] = [join(folder, 'device.crt'), join(folder, 'device.key')];
    await writeFile(clientCert, certificatePem);
    await writeFile(clientKey, keyPem, { mode: 0o600 });
    return { clientCert, clientKey };
  };
  const accountOf = async (plantId: keyof BrokerScene['passwords']) => {
    const { identity } = scene.passwordClient(plantId);
    return { username: identity.username, password: identity.password };
  };

  it.each([
    ['onboard_mtls.py', 'mtls', plantIds.mtls, () => certificateOf(plantIds.mtls)],
    ['onboard_password.py', 'password', plantIds.password, () => accountOf(plantIds.password)],
    ['onboard_token.py', 'token', plantIds.token, async () => ({ token: scene.tokens.issue(plantIds.token) })],
  ] as const)(
    '%s connects, is heard, hears its command, and is not heard for another',
    async (file, listener, id, own) => {
      const plantId: PlantId = plantIdSchema.parse(id);
      const run = promisify(execFile)(python, ['-B', join(examples, file)]);
      run.child.stdin?.end(
        JSON.stringify({
          host: 'localhost',
          port: scene.ports[listener],
          plantId,
          neighbour: plantIds.otherPassword,
          caCert: join(folder, 'ca.crt'),
          ...(await own()),
        }),
      );
      const heard = () => console.received.filter(({ topic }) => topic.includes(plantId)).map(({ topic }) => topic);
      const said = (['telemetry', 'status', 'ack', 'alarm'] as const).map((leaf) => plantTopic(plantId, leaf));
      const answered = run.then(({ stdout }) => JSON.parse(stdout) as unknown);
      await Promise.race([answered, expect.poll(heard, { timeout: 15_000 }).toEqual(said)]);
      await console.client.publishAsync(plantTopic(plantId, 'command'), '{"cmdId":"1"}', { qos: 1 });
      expect(await answered).toEqual({
        connack: 'Success',
        command: `cpi/${plantId}/command {"cmdId":"1"}`,
        isConnected: true,
      });
      expect(heard().slice(0, said.length)).toEqual(said);
      expect(console.received.filter(({ topic }) => topic.includes(plantIds.otherPassword))).toEqual([]);
    },
  );
});

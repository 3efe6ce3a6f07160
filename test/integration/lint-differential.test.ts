// Thousands of generated files, read by the lint and by a real mosquitto. Where the broker refuses a file or calls
// something in it an error, the lint must refuse it too: otherwise a push would bring a broker down, or open.
// Files that the lint refuses although the broker takes them are counted, so that it is not strict by refusing all.

import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isIssuedBy, readCrl } from '../../electron/broker/lint/crl.ts';
import { findMosquitto } from '../../electron/broker/targets/mosquitto-program.ts';
import { checkAclInSteps } from '../../shared/model/mosquitto/acl.ts';
import { parseConf } from '../../shared/model/mosquitto/conf.ts';
import { type Fault, finish } from '../../shared/model/mosquitto/fault.ts';
import { checkPasswdInSteps } from '../../shared/model/mosquitto/passwd.ts';
import { damage } from '../support/damage.ts';
import { generatedAcl, generatedConf, generatedPasswd } from '../support/generated-files.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { freePort } from '../support/processes.ts';
import { describeWith } from '../support/requirements.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const seed = 20_260_721;

const account = process.getuid?.() === 0 ? 'user root\n' : '';

/** A mosquitto that reads files again and again; what it calls an error on the way is its verdict. */
class RereadingBroker {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  #log = '';

  private constructor(child: ChildProcess, socket: Socket) {
    this.#child = child;
    this.#socket = socket;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    socket.on('data', () => {});
  }

  /** `conf` must let clients without a name in on a listener at `path`. */
  static async start(program: string, confFile: string, path: string): Promise<RereadingBroker> {
    const child = spawn(program, ['-c', confFile], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    const hear = (text: Buffer) => {
      log += text.toString('utf8');
    };
    child.stderr.on('data', hear);
    while (!/mosquitto version \S+ running/.test(log)) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.stderr.off('data', hear);
    const socket = createConnection(path);
    await once(socket, 'connect');
    // CONNECT: MQTT 3.1.1, clean session, no keep-alive, client id `t`.
    socket.write(Buffer.from([0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 1, 0x74]));
    await once(socket, 'data');
    return new RereadingBroker(child, socket);
  }

  /** What it logs while it rereads its files. */
  async reread(): Promise<string> {
    this.#log = '';
    this.#child.kill('SIGHUP');
    // Mosquitto blocks signals while it waits for clients, up to 100 ms; one that speaks wakes it.
    await this.#ping();
    while (!this.#log.includes('Reloading config.')) {
      if (this.#child.exitCode !== null) throw new Error(`mosquitto ended: ${this.#log}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // It answers when it is done, and its last words may still be on their way.
    await this.#ping();
    await new Promise((resolve) => setImmediate(resolve));
    return this.#log;
  }

  /** PINGREQ, PINGRESP. */
  async #ping(): Promise<void> {
    const answer = once(this.#socket, 'data');
    this.#socket.write(Buffer.from([0xc0, 0]));
    await answer;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#socket.destroy();
    this.#child.kill('SIGKILL');
    await ended;
  }
}

const isError = (log: string): boolean => /(^|\s)(Error|Warning: Invalid line)/m.test(log);

/** Whether the lint finds nothing wrong. */
function passes(content: Buffer, faultsIn: (text: string) => readonly Fault[]): boolean {
  try {
    return faultsIn(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)).length === 0;
  } catch {
    return false;
  }
}

const inPasswd = (text: string) => finish(checkPasswdInSteps(text));
const inAcl = (text: string) => finish(checkAclInSteps(text)).faults;

/** How often the two judges said what. */
class Verdicts {
  readonly escaped: string[] = [];
  both = { taken: 0, refused: 0 };
  refusedByLintOnly = 0;

  add(content: Buffer, lintPasses: boolean, brokerTakes: boolean, because: string): void {
    if (lintPasses && !brokerTakes) this.escaped.push(`${JSON.stringify(content.toString('latin1'))}: ${because}`);
    else if (lintPasses) this.both.taken++;
    else if (brokerTakes) this.refusedByLintOnly++;
    else this.both.refused++;
  }

  /** Nothing escaped, and both answers came often enough to mean something. */
  expectMeaning(least: number): void {
    expect(this.escaped.slice(0, 5)).toEqual([]);
    expect(this.both.taken).toBeGreaterThan(least);
    expect(this.both.refused).toBeGreaterThan(least);
  }
}

describeWith('mosquitto', 'openssl')('the lint is as strict as mosquitto', () => {
  let directory: string;
  let program: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-lint-'));
    program = await findMosquitto();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('with password and ACL files', async () => {
    const [passwd, acl, socket] = ['passwd', 'acl', 'sock'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const confFile = join(directory, 'reread.conf');
    await Promise.all([writeFile(passwd, ''), writeFile(acl, '')]);
    await writeFile(
      confFile,
      `${account}allow_anonymous true\npassword_file ${passwd}\nacl_file ${acl}\nlistener 0 ${socket}\n`,
    );
    const broker = await RereadingBroker.start(program, confFile, socket);
    const random = new SeededRandom(seed);
    const [ofPasswd, ofAcl] = [new Verdicts(), new Verdicts()];
    try {
      for (let round = 0; round < 4_000; round++) {
        const [passwdContent, aclContent] = [generatedPasswd(random), generatedAcl(random)];
        await Promise.all([writeFile(passwd, passwdContent), writeFile(acl, aclContent)]);
        const log = (await broker.reread()).split('\n');
        const aclErrors = log.filter((line) => isError(line) && /acl/i.test(line)).join();
        const passwdErrors = log.filter((line) => isError(line) && !/acl/i.test(line)).join();
        ofPasswd.add(passwdContent, passes(passwdContent, inPasswd), passwdErrors === '', passwdErrors);
        ofAcl.add(aclContent, passes(aclContent, inAcl), aclErrors === '', aclErrors);
      }
    } finally {
      await broker.stop();
    }
    ofPasswd.expectMeaning(500);
    ofAcl.expectMeaning(500);
  });

  it('with configurations', async () => {
    const random = new SeededRandom(seed);
    const verdicts = new Verdicts();
    const tryOne = async (lane: number): Promise<void> => {
      const home = join(directory, `lane-${lane}`);
      await mkdir(home, { recursive: true });
      const [socket, acl, passwd] = ['sock', 'acl', 'passwd'].map((name) => join(home, name)) as [
        string,
        string,
        string,
      ];
      await Promise.all([writeFile(acl, 'user a\ntopic read b\n'), writeFile(passwd, '')]);
      for (let round = 0; round < 700; round++) {
        const content = generatedConf(random, { directory: home, socket, acl, passwd });
        const lintPasses = passes(content, (text) => parseConf(text, '2.0').faults);
        // What the lint refuses need not be run: it may open ports. A part of it shows that the broker agrees.
        if (!lintPasses && (random.chance(0.5) || opensPorts(content))) continue;
        const file = join(home, 'mosquitto.conf');
        await writeFile(file, content);
        const log = await startOnce(program, file);
        if (log !== undefined && missesItsBridge(log)) continue;
        verdicts.add(content, lintPasses, log === undefined, log ?? '');
      }
    };
    await Promise.all([0, 1, 2, 3].map(tryOne));
    verdicts.expectMeaning(300);
  });

  it('with revocation lists', async () => {
    const pki = await OpensslPki.create();
    try {
      const server = await pki.issueServer();
      const put = (name: string, content: string | Buffer) => writeFile(join(directory, name), content);
      const authority = new X509Certificate(await pki.certificatePem());
      await put('ca.crt', authority.toString());
      await put('server.crt', server.certificatePem);
      await put('server.key', server.keyPem);
      const lists: Buffer[] = [Buffer.from(await pki.crlPem())];
      for (const plant of ['a', 'b', 'c']) {
        await pki.revoke(await pki.issueDevice(plant));
        lists.push(Buffer.from(await pki.crlPem()));
      }
      const [first = Buffer.alloc(0)] = lists;
      await put('ca.crl', first);
      const socket = join(directory, 'crl-sock');
      const confFile = join(directory, 'crl.conf');
      await put(
        'crl.conf',
        `${account}allow_anonymous true\nlistener 0 ${socket}\nlistener ${await freePort()} 127.0.0.1\n` +
          ['cafile ca.crt', 'certfile server.crt', 'keyfile server.key', 'crlfile ca.crl']
            .map((line) => line.replace(' ', ` ${directory}/`))
            .join('\n') +
          '\nrequire_certificate true\n',
      );
      const broker = await RereadingBroker.start(program, confFile, socket);
      const random = new SeededRandom(seed);
      const verdicts = new Verdicts();
      try {
        for (let round = 0; round < 600; round++) {
          const content = changedList(random, lists[random.below(lists.length)] ?? first);
          await put('ca.crl', content);
          const log = await broker.reread();
          verdicts.add(content, await passesAsList(content, authority), !isError(log), log);
        }
      } finally {
        await broker.stop();
      }
      verdicts.expectMeaning(50);
    } finally {
      await pki.remove();
    }
  });
});

/** A bridge's other end that has no address, or that is not there: no parser can know. */
const missesItsBridge = (log: string): boolean => /Error (?:creating bridge|resolving bridge address)/.test(log);

/** A line that makes Mosquitto listen where nobody said. */
const opensPorts = (content: Buffer): boolean => {
  const { value, faults } = parseConf(content.toString('latin1'), '2.0');
  return value.listeners.length === 0 || faults.some(({ reason }) => /listener|port/.test(reason));
};

/** Undefined when mosquitto ran; else what it said. */
async function startOnce(program: string, conf: string): Promise<string | undefined> {
  const child = spawn(program, ['-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    // Not SIGTERM: Mosquitto forgets one that comes between this line and its main loop.
    if (/mosquitto version \S+ running/.test(log)) child.kill('SIGKILL');
  });
  // Some configurations log to nowhere: such a broker runs when it does not end.
  const quiet = setTimeout(() => child.kill('SIGKILL'), 400);
  await once(child, 'close');
  clearTimeout(quiet);
  return child.signalCode === 'SIGKILL' && !isError(log) ? undefined : `${log} exit ${child.exitCode}`;
}

function changedList(random: SeededRandom, list: Buffer): Buffer {
  const text = list.toString('latin1');
  switch (random.below(10)) {
    case 0:
      return Buffer.from(text.replaceAll('X509 CRL', random.pick(['CRL', 'CERTIFICATE', 'x509 crl'])));
    case 1:
      return Buffer.from(text.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''), 'base64');
    case 2:
      return Buffer.from(text.replaceAll('\n', '\r\n'));
    case 3:
      return Buffer.from(random.pick(['', '\n', 'garbage', text.slice(0, 40), text.trimEnd()]));
    case 4:
      return list;
    default:
      return damage(random, list);
  }
}

/** As the lint judges: nothing but a list, and every octet of it vouched for by the authority. */
async function passesAsList(content: Buffer, authority: X509Certificate): Promise<boolean> {
  try {
    const crl = await readCrl(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content));
    return await isIssuedBy(crl, authority);
  } catch {
    return false;
  }
}

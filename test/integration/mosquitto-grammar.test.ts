// The parsers against the broker itself: what they call refused, a real mosquitto refuses; what they call misread,
// and what they find no fault with, it takes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMosquitto } from '../../electron/broker/targets/mosquitto-program.ts';
import { parseAcl } from '../../shared/model/mosquitto/acl.ts';
import { parseConf } from '../../shared/model/mosquitto/conf.ts';
import type { Fault } from '../../shared/model/mosquitto/fault.ts';
import { parsePasswd } from '../../shared/model/mosquitto/passwd.ts';
import { passwordHash } from '../support/mosquitto.ts';

type Verdict = Fault['effect'] | 'right';

const verdict = (faults: readonly Fault[]): Verdict =>
  faults.some(({ effect }) => effect === 'refused') ? 'refused' : faults.length > 0 ? 'misread' : 'right';

let directory: string;
let program: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'voke-grammar-'));
  program = await findMosquitto();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Whether mosquitto runs with this configuration, on a socket of its own, without calling anything an error. */
async function runs(conf: string): Promise<boolean> {
  const path = join(directory, 'mosquitto.conf');
  await writeFile(path, conf);
  const child = spawn(program, ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    // Not SIGTERM: Mosquitto forgets one that comes between this line and its main loop.
    if (/mosquitto version \S+ running/.test(log)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return child.signalCode === 'SIGKILL' && !/(^|\s)Error: /m.test(log);
}

/** The account keeps the files of this test readable for a broker that was started as root. */
const base = () => `${process.getuid?.() === 0 ? 'user root\n' : ''}listener 0 ${join(directory, 'mosquitto.sock')}\n`;

async function takes(option: string, content: string): Promise<boolean> {
  const path = join(directory, option);
  await writeFile(path, content);
  return runs(`${base()}${option} ${path}\n`);
}

const hash = passwordHash('secret');

describe('mosquitto and the parser agree about', () => {
  it.each([
    ['right', 'user bob\ntopic read a/b\npattern write cpi/%u/x\n# comment\n\n'],
    ['right', 'user  bob  \r\n  topic   readwrite   a b/c  \r\ntopic x\r\n'],
    ['right', ''],
    ['right', `user bob\ntopic a${'/'.repeat(200)}`],
    ['refused', `user bob\ntopic a${'/'.repeat(201)}`],
    ['refused', 'users bob'],
    ['refused', 'user bob\n # comment'],
    ['refused', '\ufeffuser bob'],
    ['refused', 'user bob\ntopic\tread a'],
    ['refused', 'user bob\ntopic write-only a/b'],
    ['refused', 'user bob\ntopic a b'],
    ['refused', 'user bob\ntopic read a/b # note'],
    ['refused', 'user bob\ntopic read a/#/b'],
    ['refused', 'user bob\ntopic read a+'],
    ['refused', 'user bob\ntopic'],
    ['refused', 'user'],
    ['misread', 'user bob\ntopic read\ta'],
    ['misread', 'user "bob"'],
    ['misread', 'user bob # the builder'],
    ['misread', 'user bob\ntopic read'],
    ['misread', 'user bob\ntopic read cpi/%u/x'],
    ['misread', 'topic read a'],
  ] as [Verdict, string][])('an ACL that is %s: %j', async (expected, text) => {
    expect(verdict(parseAcl(text).faults)).toBe(expected);
    expect(await takes('acl_file', text)).toBe(expected !== 'refused');
  });

  it.each([
    ['right', `# comment\n\nbob:${hash}\r\nalice:${hash}\n`],
    ['right', ''],
    ['refused', 'bob:secret\n'],
    ['refused', 'bob:$7$0$AAAA$AAAA\n'],
    ['refused', `bob:${hash.replace('$7$', '$8$')}\n`],
    ['refused', `bob:${hash.slice(0, -20)}\n`],
    ['misread', 'bob\n'],
    ['misread', ` bob:${hash}\n`],
    ['misread', `bob:${hash}:more\n`],
  ] as [Verdict, string][])('a password file that is %s: %j', async (expected, text) => {
    expect(verdict(parsePasswd(text).faults)).toBe(expected);
    expect(await takes('password_file', text)).toBe(expected !== 'refused');
  });

  it.each([
    ['right', 'persistence false\nlog_type error\nlog_type information\nmax_keepalive 60\n'],
    ['right', '   \n  sys_interval   10  \r\nallow_anonymous 0\n'],
    ['refused', 'alow_anonymous false\n'],
    ['refused', ' # comment\n'],
    ['refused', 'persistence\ttrue\n'],
    ['refused', 'persistence yes\n'],
    ['refused', 'pid_file\n'],
    ['refused', 'psk_file /a\npsk_file /b\n'],
    ['refused', 'listener 70000\n'],
    ['refused', 'plugin_opt_abc def\n'],
    ['refused', 'allow_anonymous false\nper_listener_settings true\n'],
    ['refused', 'listener_allow_anonymous false\n'],
    ['misread', 'persistence false\npersistence false\n'],
    ['misread', 'clientid_prefixes "quoted"\n'],
  ] as [Verdict, string][])('a configuration that is %s: %j', async (expected, text) => {
    expect(verdict(parseConf(base() + text, '2.0').faults)).toBe(expected);
    expect(await runs(base() + text)).toBe(expected !== 'refused');
  });
});

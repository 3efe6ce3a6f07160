// The last look at a broker's files before they are pushed. They are read back as strictly as the broker would,
// because Mosquitto 2.0 fails open at SIGHUP: a bad ACL lets everyone do everything, a bad CRL lets the revoked in.
// - Every file that mosquitto.conf names must be among them, and must be what it is named as.
// - Every listener of the `voke` profile must be closed: TLS, an ACL, and one way to prove who one is.
// - Somebody else's listener stays as it is, but nobody gets in there without a name.
// - Found faults name file and line, never the content of a line.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BrokerProfile } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { checkAclInSteps } from '../../shared/model/mosquitto/acl.ts';
import {
  type Conf,
  type ConfListener,
  optionIsTrue,
  optionValue,
  parseConf,
} from '../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import { checkPasswdInSteps } from '../../shared/model/mosquitto/passwd.ts';
import { pemBlocks, pemBlocksInSteps } from '../platform/pem-blocks.ts';
import { inSlices } from '../platform/slices.ts';
import { fileNames } from './file-names.ts';
import { opensPlants } from './lint/acl-strangers.ts';
import { type Crl, isIssuedBy, readCrl } from './lint/crl.ts';
import { LintedFiles } from './lint/linted-files.ts';
import { isPkcs1Key, keySetProblem } from './lint/token-key-set.ts';

export type LintOptions = {
  readonly line: BrokerLine;
  /** Where the files will lie; the paths in mosquitto.conf must point there. */
  readonly configDirectory: string;
  readonly now: Date;
  /** `voke` unless said otherwise. */
  readonly profile?: BrokerProfile;
  /** Whose listeners are the console's; undefined: all of them. */
  readonly managedPorts?: ReadonlySet<number> | undefined;
};

const shownFaults = 20;

/** Throws `broker/invalid-files` with what is wrong, by file and line, in `details.faults`. */
export async function lintBrokerFiles(files: BrokerFiles, options: LintOptions): Promise<void> {
  const linted = new LintedFiles(files, options.configDirectory);
  await new Linter(linted, options).run();
  const { faults } = linted;
  if (faults.length === 0) return;
  throw new ConsoleError('broker/invalid-files', {
    because: faults[0] ?? '',
    details: { faults: faults.slice(0, shownFaults), count: faults.length },
  });
}

class Linter {
  readonly #files: LintedFiles;
  readonly #options: LintOptions;

  constructor(files: LintedFiles, options: LintOptions) {
    this.#files = files;
    this.#options = options;
  }

  async run(): Promise<void> {
    const text = this.#files.text(fileNames.conf);
    if (text === undefined) return;
    const { value, faults } = parseConf(text, this.#options.line);
    this.#files.addLines(fileNames.conf, faults);
    if (value.listeners.length === 0) this.#files.addOfConf('there is no listener');
    switch (this.#options.profile) {
      case 'plantops':
        await this.#checkPlantops(value);
        break;
      case 'voke':
      case undefined:
        await this.#checkVoke(value);
    }
  }

  async #checkVoke(conf: Conf): Promise<void> {
    const { managedPorts } = this.#options;
    if (!optionIsTrue(conf.options, 'per_listener_settings'))
      this.#files.addOfConf('without per_listener_settings the listeners share their security options');
    for (const listener of conf.listeners) {
      if (managedPorts?.has(listener.port) === false) this.#checkNames(listener);
      else await this.#checkListener(listener);
    }
  }

  async #checkPlantops(conf: Conf): Promise<void> {
    const { options } = conf;
    if (optionIsTrue(options, 'per_listener_settings'))
      this.#files.addOfConf('the listeners must share their security options');
    if (optionValue(options, 'allow_anonymous') !== 'false')
      this.#files.addOfConf('it must say that nobody gets in without a name: allow_anonymous false');
    for (const listener of conf.listeners) this.#checkNames(listener);
    const passwords = this.#files.referenced(options, 'password_file');
    if (passwords === undefined) this.#files.addOfConf('nothing proves who a client is');
    else await this.#checkPasswords(passwords);
    const acl = this.#files.peek(options, 'acl_file');
    if (acl !== undefined) await this.#checkAcl(acl);
  }

  #checkNames({ options, port }: ConfListener): void {
    if (optionIsTrue(options, 'allow_anonymous') || optionIsTrue(options, 'listener_allow_anonymous'))
      this.#files.addOfConf(`listener ${port}: it lets clients in without a name`);
  }

  async #checkListener(listener: ConfListener): Promise<void> {
    const { options, plugins, port } = listener;
    const ofListener = (reason: string) => this.#files.addOfConf(`listener ${port}: ${reason}`);
    const certificate = this.#files.referenced(options, 'certfile');
    const key = this.#files.referenced(options, 'keyfile');
    const authority = this.#files.referenced(options, 'cafile');
    const revocationList = this.#files.referenced(options, 'crlfile');
    const acl = this.#files.referenced(options, 'acl_file');
    const passwords = this.#files.referenced(options, 'password_file');

    if (certificate === undefined || key === undefined) ofListener('it is not encrypted');
    else await this.#checkCertificate(certificate, key);
    if (acl === undefined) ofListener('without an acl_file everyone may read and write everything');
    else await this.#checkAcl(acl);
    this.#checkNames(listener);
    for (const other of ['capath', 'psk_file', 'psk_hint'])
      if (optionValue(options, other) !== undefined) ofListener(`${other} lets others in than the register says`);

    if (optionIsTrue(options, 'require_certificate')) {
      if (!optionIsTrue(options, 'use_identity_as_username'))
        ofListener('the certificate does not become the username');
      if (authority === undefined) ofListener('certificates are required, but no cafile says whose');
      if (revocationList === undefined) ofListener('without a crlfile revoked certificates are accepted');
      if (authority !== undefined && revocationList !== undefined)
        await this.#checkRevocationList(revocationList, authority);
    } else if (passwords !== undefined) await this.#checkPasswords(passwords);
    else if (plugins.length === 0) ofListener('nothing proves who a client is');

    for (const plugin of plugins) {
      const tokenKey = this.#files.referenced(plugin.options, 'jwt_sec_file');
      if (tokenKey !== undefined) this.#checkTokenKey(tokenKey);
      const keySet = this.#files.referenced(plugin.options, 'jwt_jwks_file');
      if (keySet !== undefined) this.#checkTokenKeySet(keySet);
    }
  }

  async #checkAcl(name: string): Promise<void> {
    const text = this.#files.text(name);
    if (text === undefined) return;
    const { value, faults } = await inSlices(checkAclInSteps(text));
    this.#files.addLines(name, faults);
    if (this.#options.profile !== 'plantops' && opensPlants(value))
      this.#files.add(`${name}: a pattern lets every client read or write what belongs to other plants`);
  }

  async #checkPasswords(name: string): Promise<void> {
    const text = this.#files.text(name);
    if (text !== undefined) this.#files.addLines(name, await inSlices(checkPasswdInSteps(text)));
  }

  async #checkCertificate(name: string, keyName: string): Promise<void> {
    const { now } = this.#options;
    const certificate = await this.#files.attempt(
      name,
      'is not a certificate in PEM',
      (text) => new X509Certificate(text),
    );
    const key = await this.#files.attempt(keyName, 'is not an unencrypted private key in PEM', (text) =>
      createPrivateKey(text),
    );
    if (certificate === undefined || key === undefined) return;
    if (!certificate.checkPrivateKey(key)) this.#files.add(`${keyName}: does not belong to ${name}`);
    if (certificate.validToDate <= now) this.#files.add(`${name}: the certificate has expired`);
    if (certificate.validFromDate > now) this.#files.add(`${name}: the certificate is not valid yet`);
  }

  /** Outside of its dates, or from another issuer, a CRL locks out every client of this authority. */
  async #checkRevocationList(name: string, authorityName: string): Promise<void> {
    const { now } = this.#options;
    const authorities = await this.#files.attempt(authorityName, 'is not a certificate in PEM', (text) =>
      pemBlocks(text, 'CERTIFICATE').map((pem) => new X509Certificate(pem)),
    );
    const crls = await this.#files.attempt(name, 'is not a certificate revocation list in PEM (X509 CRL)', readCrls);
    if (authorities === undefined || crls === undefined) return;
    const unclaimed = new Set(crls);
    for (const authority of authorities) {
      if (!authority.ca) this.#files.add(`${authorityName}: is not the certificate of an authority`);
      if (authority.validToDate <= now) this.#files.add(`${authorityName}: the authority has expired`);
      const own = await firstOf([...unclaimed], (crl) => isIssuedBy(crl, authority));
      if (own) unclaimed.delete(own);
      else this.#files.add(`${name}: is not signed by the authority in ${authorityName}`);
    }
    if (unclaimed.size > 0 && authorities.length < crls.length)
      this.#files.add(`${name}: has a list of an authority that is not in ${authorityName}`);
    for (const crl of crls) {
      if (crl.thisUpdate > now) this.#files.add(`${name}: is not valid yet, which locks everyone out`);
      if (crl.nextUpdate === undefined || crl.nextUpdate <= now)
        this.#files.add(`${name}: has expired, which locks everyone out`);
    }
  }

  #checkTokenKey(name: string): void {
    const content = this.#files.content(name);
    if (content !== undefined && !isPkcs1Key(content))
      this.#files.add(`${name}: is not an RSA public key in PKCS#1 DER`);
  }

  #checkTokenKeySet(name: string): void {
    const text = this.#files.text(name);
    const problem = text === undefined ? undefined : keySetProblem(text);
    if (problem !== undefined) this.#files.add(`${name}: ${problem}`);
  }
}

async function readCrls(text: string): Promise<Crl[]> {
  const crls: Crl[] = [];
  for (const pem of await inSlices(pemBlocksInSteps(text, 'X509 CRL'))) {
    await nextTurn();
    crls.push(await readCrl(pem));
  }
  await nextTurn();
  return crls;
}

async function firstOf<Item>(
  items: readonly Item[],
  fits: (item: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await fits(item)) return item;
  return undefined;
}

// The last look at a broker's files before they are pushed. They are read back as strictly as the broker would,
// because Mosquitto 2.0 fails open at SIGHUP: a bad ACL lets everyone do everything, a bad CRL lets the revoked in.
// - Every file that mosquitto.conf names must be among them, and must be what it is named as.
// - Every listener must be closed: TLS, an ACL, and one way to prove who one is.
// - Found faults name file and line, never the content of a line.

import 'reflect-metadata';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { posix, win32 } from 'node:path';
import { X509Crl, X509Certificate as X509Issuer } from '@peculiar/x509';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { parseAcl } from '../../shared/model/mosquitto/acl.ts';
import {
  type Conf,
  type ConfListener,
  optionIsTrue,
  optionValue,
  parseConf,
} from '../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../shared/model/mosquitto/conf-options.ts';
import type { Fault } from '../../shared/model/mosquitto/fault.ts';
import { parsePasswd } from '../../shared/model/mosquitto/passwd.ts';
import { fileNames } from './file-names.ts';

export type LintOptions = {
  readonly line: BrokerLine;
  /** Where the files will lie; the paths in mosquitto.conf must point there. */
  readonly configDirectory: string;
  readonly now: Date;
};

const shownFaults = 20;

/** Throws `broker/invalid-files` with what is wrong, by file and line, in `details.faults`. */
export async function lintBrokerFiles(files: BrokerFiles, options: LintOptions): Promise<void> {
  const faults = await new Linter(files, options).run();
  if (faults.length === 0) return;
  throw new ConsoleError('broker/invalid-files', {
    because: faults[0] ?? '',
    details: { faults: faults.slice(0, shownFaults), count: faults.length },
  });
}

class Linter {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #options: LintOptions;
  readonly #faults = new Set<string>();

  constructor(files: BrokerFiles, options: LintOptions) {
    this.#files = new Map(files.map((file) => [file.name, file.content]));
    this.#options = options;
    if (this.#files.size !== files.length) this.#faults.add('two files have the same name');
  }

  async run(): Promise<readonly string[]> {
    const text = this.#text(fileNames.conf);
    if (text !== undefined) {
      const { value, faults } = parseConf(text, this.#options.line);
      this.#addLines(fileNames.conf, faults);
      await this.#checkConf(value);
    }
    return [...this.#faults];
  }

  async #checkConf(conf: Conf): Promise<void> {
    const ofConf = (reason: string) => this.#faults.add(`${fileNames.conf}: ${reason}`);
    if (!optionIsTrue(conf.options, 'per_listener_settings'))
      ofConf('without per_listener_settings the listeners share their security options');
    if (conf.listeners.length === 0) ofConf('there is no listener');
    for (const listener of conf.listeners) await this.#checkListener(listener);
  }

  async #checkListener(listener: ConfListener): Promise<void> {
    const { options, plugins, port } = listener;
    const ofListener = (reason: string) => this.#faults.add(`${fileNames.conf}: listener ${port}: ${reason}`);
    const certificate = this.#referenced(options, 'certfile');
    const key = this.#referenced(options, 'keyfile');
    const authority = this.#referenced(options, 'cafile');
    const revocationList = this.#referenced(options, 'crlfile');
    const acl = this.#referenced(options, 'acl_file');
    const passwords = this.#referenced(options, 'password_file');

    if (certificate === undefined || key === undefined) ofListener('it is not encrypted');
    else this.#checkCertificate(certificate, key);
    if (acl === undefined) ofListener('without an acl_file everyone may read and write everything');
    else this.#checkAcl(acl);
    if (optionIsTrue(options, 'allow_anonymous') || optionIsTrue(options, 'listener_allow_anonymous'))
      ofListener('it lets clients in without a name');

    if (optionIsTrue(options, 'require_certificate')) {
      if (!optionIsTrue(options, 'use_identity_as_username'))
        ofListener('the certificate does not become the username');
      if (authority === undefined) ofListener('certificates are required, but no cafile says whose');
      if (revocationList === undefined) ofListener('without a crlfile revoked certificates are accepted');
      if (authority !== undefined && revocationList !== undefined)
        await this.#checkRevocationList(revocationList, authority);
    } else if (passwords !== undefined) this.#checkPasswords(passwords);
    else if (plugins.length === 0) ofListener('nothing proves who a client is');

    for (const plugin of plugins) {
      const tokenKey = this.#referenced(plugin.options, 'jwt_sec_file');
      if (tokenKey !== undefined) this.#checkTokenKey(tokenKey);
    }
  }

  /** The name of the file that an option points to, when it is one of ours. */
  #referenced(options: ConfListener['options'], keyword: string): string | undefined {
    const path = optionValue(options, keyword);
    if (path === undefined) return undefined;
    const { configDirectory } = this.#options;
    const { join } = posix.isAbsolute(configDirectory) ? posix : win32;
    const name = [...this.#files.keys()].find((file) => join(configDirectory, file) === path);
    if (name === undefined) this.#faults.add(`${fileNames.conf}: ${keyword} names a file that is not part of the push`);
    return name;
  }

  #checkAcl(name: string): void {
    const text = this.#text(name);
    if (text !== undefined) this.#addLines(name, parseAcl(text).faults);
  }

  #checkPasswords(name: string): void {
    const text = this.#text(name);
    if (text !== undefined) this.#addLines(name, parsePasswd(text).faults);
  }

  #checkCertificate(name: string, keyName: string): void {
    const certificate = this.#attempt(name, 'is not a certificate in PEM', (text) => new X509Certificate(text));
    const key = this.#attempt(keyName, 'is not an unencrypted private key in PEM', (text) => createPrivateKey(text));
    if (certificate === undefined || key === undefined) return;
    if (!certificate.checkPrivateKey(key)) this.#faults.add(`${keyName}: does not belong to ${name}`);
    if (certificate.validToDate <= this.#options.now) this.#faults.add(`${name}: the certificate has expired`);
    if (certificate.validFromDate > this.#options.now) this.#faults.add(`${name}: the certificate is not valid yet`);
  }

  /** Outside of its dates, or from another issuer, a CRL locks out every client of this authority. */
  async #checkRevocationList(name: string, authorityName: string): Promise<void> {
    const authority = this.#attempt(authorityName, 'is not a certificate in PEM', (text) => new X509Certificate(text));
    const crl = this.#attempt(name, 'is not a certificate revocation list in PEM (X509 CRL)', (text) => {
      if (!text.trimStart().startsWith('-----BEGIN X509 CRL-----')) throw new TypeError('not a CRL');
      return new X509Crl(text);
    });
    if (authority === undefined || crl === undefined) return;
    if (!authority.ca) this.#faults.add(`${authorityName}: is not the certificate of an authority`);
    if (authority.validToDate <= this.#options.now) this.#faults.add(`${authorityName}: the authority has expired`);
    if (!(await isIssuedBy(crl, authority)))
      this.#faults.add(`${name}: is not signed by the authority in ${authorityName}`);
    if (crl.thisUpdate > this.#options.now) this.#faults.add(`${name}: is not valid yet, which locks everyone out`);
    if (crl.nextUpdate === undefined || crl.nextUpdate <= this.#options.now)
      this.#faults.add(`${name}: has expired, which locks everyone out`);
  }

  /** The plugin takes PKCS#1 only. It starts with an SPKI key too, and then refuses every login. */
  #checkTokenKey(name: string): void {
    const content = this.#files.get(name);
    if (content === undefined) return;
    try {
      createPublicKey({ key: Buffer.from(content), format: 'der', type: 'pkcs1' });
    } catch {
      this.#faults.add(`${name}: is not an RSA public key in PKCS#1 DER`);
    }
  }

  #attempt<T>(name: string, otherwise: string, read: (text: string) => T): T | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch {
      this.#faults.add(`${name}: ${otherwise}`);
      return undefined;
    }
  }

  #text(name: string): string | undefined {
    const content = this.#files.get(name);
    if (content === undefined) {
      this.#faults.add(`${name}: is missing`);
      return undefined;
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
      this.#faults.add(`${name}: is not UTF-8`);
      return undefined;
    }
  }

  #addLines(name: string, faults: readonly Fault[]): void {
    for (const fault of faults) this.#faults.add(`${name}: line ${fault.line}: ${fault.reason}`);
  }
}

async function isIssuedBy(crl: X509Crl, authority: X509Certificate): Promise<boolean> {
  const issuer = new X509Issuer(authority.raw);
  return crl.issuer === issuer.subject && (await crl.verify({ publicKey: issuer }));
}

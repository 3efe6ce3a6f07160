// Certificates for tests, made by the openssl command line and by nothing of ours: what the broker accepts or refuses
// is then judged by an independent hand.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Identity = { readonly certificatePem: string; readonly keyPem: string };

export class OpensslPki {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** An authority in a temporary folder. */
  static async create(commonName = 'Test Root CA'): Promise<OpensslPki> {
    const pki = new OpensslPki(await mkdtemp(join(tmpdir(), 'voke-pki-')));
    await pki.#prepare(commonName);
    return pki;
  }

  async #prepare(commonName: string): Promise<void> {
    await mkdir(this.#path('new'));
    await writeFile(this.#path('index.txt'), '');
    await writeFile(this.#path('serial'), '1000\n');
    await writeFile(this.#path('crlnumber'), '01\n');
    await writeFile(
      this.#path('ca.cnf'),
      `[ca]\ndefault_ca = test\n[test]\ndir = ${this.#directory}\ndatabase = $dir/index.txt\nserial = $dir/serial\n` +
        'crlnumber = $dir/crlnumber\nnew_certs_dir = $dir/new\ncertificate = $dir/ca.crt\nprivate_key = $dir/ca.key\n' +
        'default_md = sha256\ndefault_days = 30\ndefault_crl_days = 30\nunique_subject = no\npolicy = any\n' +
        'copy_extensions = copy\n[any]\ncommonName = supplied\n[crl]\nauthorityKeyIdentifier = keyid\n',
    );
    await this.#openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365'],
      ...['-subj', `/CN=${commonName}`, '-keyout', this.#path('ca.key'), '-out', this.#path('ca.crt')],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    );
  }

  /** Where it keeps `ca.key`, `ca.crt`, `index.txt`, `serial` and `crlnumber`. */
  get directory(): string {
    return this.#directory;
  }

  async certificatePem(): Promise<string> {
    return readFile(this.#path('ca.crt'), 'utf8');
  }

  /** A certificate for a broker, good for `localhost` and 127.0.0.1. */
  async issueServer(): Promise<Identity> {
    return this.#issue('localhost', 'server', [
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      'extendedKeyUsage=serverAuth',
    ]);
  }

  async issueDevice(commonName: string): Promise<Identity> {
    return this.#issue(commonName, 'device', ['extendedKeyUsage=clientAuth']);
  }

  async revoke(identity: Identity): Promise<void> {
    const file = this.#path('revoked.crt');
    await writeFile(file, identity.certificatePem);
    await this.#openssl('ca', '-config', this.#path('ca.cnf'), '-revoke', file);
  }

  /** The revocation list as of now. */
  async crlPem(): Promise<string> {
    await this.#openssl(
      ...['ca', '-config', this.#path('ca.cnf'), '-gencrl', '-crlexts', 'crl', '-out', this.#path('ca.crl')],
    );
    return readFile(this.#path('ca.crl'), 'utf8');
  }

  /** Lower-case hex. */
  async serialNumber(certificatePem: string): Promise<string> {
    const file = this.#path('asked.crt');
    await writeFile(file, certificatePem);
    const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-serial']);
    return stdout.trim().replace('serial=', '').toLowerCase();
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #issue(commonName: string, name: string, extensions: readonly string[]): Promise<Identity> {
    const [key, request, certificate] = ['key', 'csr', 'crt'].map((end) => this.#path(`${name}.${end}`)) as [
      string,
      string,
      string,
    ];
    await this.#openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${commonName}`],
      ...['-keyout', key, '-out', request, ...extensions.flatMap((extension) => ['-addext', extension])],
    );
    await this.#openssl(
      ...['ca', '-config', this.#path('ca.cnf'), '-batch', '-notext', '-in', request, '-out', certificate],
    );
    return { certificatePem: await readFile(certificate, 'utf8'), keyPem: await readFile(key, 'utf8') };
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  async #openssl(...args: string[]): Promise<void> {
    await run('openssl', args);
  }
}

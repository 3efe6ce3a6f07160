// What an operator chose, taken apart: a folder of openssl's or of easy-rsa's, or a few files in any mixture. A file is
// known by what it holds, not by its name, except where its content says nothing: `serial` and `crlnumber`.

import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { endOfSlice } from '../../platform/slices.ts';
import { toLongPem, toPem } from '../pem.ts';
import { looksLikePkcs12, readPkcs12 } from '../pkcs12/read.ts';
import { readCrlFrame } from '../structure.ts';
import { type PemBlock, pemBlocksIn } from './pem-blocks.ts';
import { openImportedKey } from './private-key.ts';

/** `name` is the path below the chosen folder, with slashes. */
export type ImportFile = { readonly name: string; readonly content: Buffer };

export type FoundCertificate = {
  readonly name: string;
  readonly pem: string;
  readonly parsed: X509Certificate;
  /** Names its public key. */
  readonly keyName: string;
};
export type FoundKey = { readonly name: string; readonly key: KeyObject; readonly keyName: string };
export type NamedText = { readonly name: string; readonly text: string };

/** A file, or a part of one, that is of no use here, and why. */
export type LeftOut = { readonly name: string; readonly because: string };

export type Material = {
  readonly certificates: readonly FoundCertificate[];
  readonly keys: readonly FoundKey[];
  /** Files with a key that the passphrase does not open. */
  readonly lockedKeys: readonly string[];
  readonly crls: readonly NamedText[];
  readonly index: NamedText | undefined;
  /** What the files `serial` and `crlnumber` hold. */
  readonly serial: string | undefined;
  readonly crlNumber: string | undefined;
  readonly leftOut: readonly LeftOut[];
};

/** One by one, with a turn of the event loop between any two files or blocks of one. Never throws for a file that is of no use. */
export async function collectMaterial(files: readonly ImportFile[], passphrase: string | undefined): Promise<Material> {
  const collector = new Collector(passphrase);
  for (const file of files) {
    await collector.add(file);
    await nextTurn();
  }
  return collector;
}

const indexLine = /^[VRE]\t\d{12,14}Z\t/;

class Collector implements Material {
  readonly certificates: FoundCertificate[] = [];
  readonly keys: FoundKey[] = [];
  readonly lockedKeys: string[] = [];
  readonly crls: NamedText[] = [];
  readonly leftOut: LeftOut[] = [];
  index: NamedText | undefined;
  serial: string | undefined;
  crlNumber: string | undefined;
  readonly #passphrase: string | undefined;
  /** The same certificate lies in several places in most layouts. */
  readonly #known = new Set<string>();

  constructor(passphrase: string | undefined) {
    this.#passphrase = passphrase;
  }

  async add(file: ImportFile): Promise<void> {
    const { name, content } = file;
    const baseName = name.slice(name.lastIndexOf('/') + 1);
    if (/\.(old|attr)$/.test(baseName)) return this.#leaveOut(name, 'a file of openssl’s own that says nothing more');
    if (content.includes('-----BEGIN ')) return await this.#addPem(name, content.toString('latin1'));
    const beginning = content.toString('latin1', 0, 200);
    if (baseName === 'index.txt' || indexLine.test(beginning)) return this.#addIndex(name, content.toString('utf8'));
    if (baseName === 'serial') this.serial = beginning.trim();
    else if (baseName === 'crlnumber') this.crlNumber = beginning.trim();
    else if (content[0] === derSequence) await this.#addDer(name, content);
    else this.#leaveOut(name, 'nothing that belongs to an authority');
  }

  async #addPem(name: string, text: string): Promise<void> {
    const others = new Set<string>();
    let isOfUse = false;
    const isOver = endOfSlice();
    for (const block of pemBlocksIn(text)) {
      if (!block) await isOver();
      else {
        if (await this.#addBlock(name, block)) isOfUse = true;
        else others.add(block.label);
        await nextTurn();
      }
    }
    if (!isOfUse) this.#leaveOut(name, others.size > 0 ? `it holds ${[...others].join(', ')}` : 'not a whole PEM file');
  }

  /** Whether it is something that an authority consists of. */
  async #addBlock(name: string, { label, text, der }: PemBlock): Promise<boolean> {
    if (label.endsWith('PRIVATE KEY') && label !== 'OPENSSH PRIVATE KEY') {
      await this.#addKey(name, () => openImportedKey(text, this.#passphrase));
      return true;
    }
    if (label === 'CERTIFICATE') return this.#addCertificate(name, der());
    if (label !== 'X509 CRL') return false;
    this.crls.push({ name, text: await toLongPem(label, der()) });
    return true;
  }

  async #addDer(name: string, der: Buffer): Promise<void> {
    if (looksLikePkcs12(der)) await this.#addPkcs12(name, der);
    else if (!this.#addCertificate(name, der) && !(await this.#addCrl(name, der))) {
      this.#leaveOut(name, 'nothing that belongs to an authority');
    }
  }

  async #addPkcs12(name: string, der: Buffer): Promise<void> {
    try {
      const { certificates, keys, crls } = await readPkcs12(der, this.#passphrase ?? '');
      for (const certificate of certificates) this.#addCertificate(name, certificate);
      for (const key of keys) await this.#addKey(name, () => key);
      for (const crl of crls) await this.#addCrl(name, crl);
    } catch (error) {
      this.#leaveUnread(name, error);
    }
  }

  async #addCrl(name: string, der: Buffer): Promise<boolean> {
    try {
      readCrlFrame(der);
    } catch {
      return false;
    }
    this.crls.push({ name, text: await toLongPem('X509 CRL', der) });
    return true;
  }

  #addIndex(name: string, text: string): void {
    if (this.index) this.#leaveOut(name, `another register; ${this.index.name} counts`);
    else this.index = { name, text };
  }

  #addCertificate(name: string, der: Buffer): boolean {
    if (der.length > maxCertificateBytes) return false;
    try {
      const parsed = new X509Certificate(der);
      if (this.#known.has(parsed.fingerprint256)) return true;
      this.#known.add(parsed.fingerprint256);
      const keyName = keyNameOf(parsed.publicKey);
      this.certificates.push({ name, pem: toPem('CERTIFICATE', parsed.raw), parsed, keyName });
      return true;
    } catch {
      return false;
    }
  }

  async #addKey(name: string, read: () => KeyObject | Promise<KeyObject>): Promise<void> {
    try {
      const key = await read();
      this.keys.push({ name, key, keyName: keyNameOf(createPublicKey(key)) });
    } catch (error) {
      this.#leaveUnread(name, error);
    }
  }

  #leaveUnread(name: string, error: unknown): void {
    const failure = error instanceof ConsoleError ? error : undefined;
    if (failure?.code === 'authority/key-locked') this.lockedKeys.push(name);
    else this.#leaveOut(name, failure?.because ?? 'it cannot be read');
  }

  #leaveOut(name: string, because: string): void {
    this.leftOut.push({ name, because });
  }
}

const derSequence = 0x30;
/** Far more than the certificates of any authority have, and read in a few milliseconds. */
const maxCertificateBytes = 1024 * 1024;

const keyNameOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

// The practice broker's reading of the files that a Mosquitto would get, by the parsers that also lint them.
// What it cannot read as meant it refuses, where Mosquitto 2.0 would go on without it.

import { posix } from 'node:path';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type AclEvaluator, createAclEvaluator, parseAcl } from '../../shared/model/mosquitto/acl.ts';
import {
  type ConfListener,
  type ConfOption,
  optionIsTrue,
  optionValue,
  parseConf,
} from '../../shared/model/mosquitto/conf.ts';
import type { Parsed } from '../../shared/model/mosquitto/fault.ts';
import { parsePasswd } from '../../shared/model/mosquitto/passwd.ts';
import { pemBlocks } from '../platform/pem-blocks.ts';

/** Where the practice broker's files would lie, if it kept them on a disk. */
export const practiceDirectory = '/practice';

/** How a listener knows who is there. */
export type Authentication =
  | { readonly kind: 'certificate' }
  | { readonly kind: 'password'; readonly hashes: ReadonlyMap<string, string> }
  | { readonly kind: 'token'; readonly trusted: TrustedTokenKeys };

/** One key as PKCS#1 DER, or a JWK set (RFC 7517, section 5). */
export type TrustedTokenKeys = { readonly publicKeyDer: Uint8Array } | { readonly keySet: Uint8Array };

export type ListenerConfiguration = {
  readonly port: number;
  /** Undefined: all addresses. */
  readonly address: string | undefined;
  readonly tls: { readonly cert: string; readonly key: string; readonly ca?: string; readonly crl?: string[] };
  readonly authentication: Authentication;
  readonly acl: AclEvaluator;
};

export type BrokerConfiguration = {
  readonly listeners: readonly ListenerConfiguration[];
  /** Octets; undefined: no limit. */
  readonly messageSizeLimit: number | undefined;
};

/** Throws `broker/invalid-files`, naming the file and what is wrong with it. */
export function readConfiguration(files: BrokerFiles): BrokerConfiguration {
  const contents = new Map(files.map((file) => [posix.join(practiceDirectory, file.name), file.content]));
  const reader = new Reader(contents);
  const conf = reader.parse(posix.join(practiceDirectory, 'mosquitto.conf'), (text) => parseConf(text, '2.0'));
  const limit = optionValue(conf.options, 'message_size_limit');
  return {
    listeners: conf.listeners.map((listener) => reader.listener(listener)),
    messageSizeLimit: limit === undefined ? undefined : Number(limit),
  };
}

class Reader {
  readonly #contents: ReadonlyMap<string, Uint8Array>;

  constructor(contents: ReadonlyMap<string, Uint8Array>) {
    this.#contents = contents;
  }

  listener(listener: ConfListener): ListenerConfiguration {
    const { options } = listener;
    const needsCertificate = optionIsTrue(options, 'require_certificate');
    return {
      port: listener.port,
      address: listener.address ?? undefined,
      tls: {
        cert: this.#text(options, 'certfile'),
        key: this.#text(options, 'keyfile'),
        ...(needsCertificate && { ca: this.#text(options, 'cafile'), crl: this.#revocationLists(listener) }),
      },
      authentication: needsCertificate ? { kind: 'certificate' } : this.#authentication(listener),
      acl: createAclEvaluator(this.parse(path(options, 'acl_file'), parseAcl)),
    };
  }

  #authentication({ options, plugins, port }: ConfListener): Authentication {
    if (optionValue(options, 'password_file') !== undefined) {
      const entries = this.parse(path(options, 'password_file'), parsePasswd);
      return { kind: 'password', hashes: new Map(entries.map(({ username, hash }) => [username, hash])) };
    }
    const plugin = plugins[0];
    if (plugin === undefined) throw invalid(`listener ${port} lets everybody in`);
    // As with the plugin, a set wins over a single key.
    const keySet = optionValue(plugin.options, 'jwt_jwks_file');
    const trusted =
      keySet === undefined
        ? { publicKeyDer: this.#content(path(plugin.options, 'jwt_sec_file')) }
        : { keySet: this.#content(keySet) };
    return { kind: 'token', trusted };
  }

  parse<T>(file: string, parse: (text: string) => Parsed<T>): T {
    const { value, faults } = parse(decode(this.#content(file)));
    const fault = faults[0];
    if (fault !== undefined) throw invalid(`${posix.basename(file)}: line ${fault.line}: ${fault.reason}`);
    return value;
  }

  /** Node reads one list a text, and passes over what follows it. */
  #revocationLists({ options, port }: ConfListener): string[] {
    try {
      return pemBlocks(this.#text(options, 'crlfile'), 'X509 CRL');
    } catch {
      throw invalid(`the certificates of port ${port}: the CRL is not one in PEM`);
    }
  }

  #text(options: readonly ConfOption[], keyword: string): string {
    return decode(this.#content(path(options, keyword)));
  }

  #content(file: string): Uint8Array {
    const content = this.#contents.get(file);
    if (content === undefined) throw invalid(`${posix.basename(file)} is missing`);
    return content;
  }
}

function path(options: readonly ConfOption[], keyword: string): string {
  const value = optionValue(options, keyword);
  if (value === undefined) throw invalid(`a listener has no ${keyword}`);
  return value;
}

const decode = (content: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

const invalid = (because: string) => new ConsoleError('broker/invalid-files', { because });

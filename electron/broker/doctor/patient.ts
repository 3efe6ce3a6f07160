// What the doctor examines, and what it may know of the surroundings.

import type { Duplex } from 'node:stream';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { CauseCode } from '../../../shared/model/doctor-causes.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import type { ProbeClient } from '../probe.ts';

/** What a client shows. Where `keyPem` or `password` is not known here, `isSecretAway` says so. */
export type PatientIdentity = {
  readonly clientId: string;
  readonly certificatePem?: string | undefined;
  readonly keyPem?: string | undefined;
  readonly username?: string | undefined;
  /** Or a token. */
  readonly password?: string | undefined;
  /** The hash of a password that is not known here. */
  readonly passwordHash?: string | undefined;
  /** The secret part lies on the device alone: the walk ends before CONNECT. */
  readonly isSecretAway?: boolean | undefined;
};

/** A client's connection as it is, or shall be, configured. */
export type Patient = {
  readonly host: string;
  readonly port: number;
  /** Undefined: without TLS. */
  readonly tls?:
    | {
        /** Undefined: the client was given none. */
        readonly authorityPem: string | undefined;
        /** The name that the broker's certificate must hold. */
        readonly serverName: string;
      }
    | undefined;
  readonly identity: PatientIdentity;
  readonly protocolVersion: 4 | 5;
  /** A topic that it must be able to read, and one that it must be able to write. */
  readonly reads?: string | undefined;
  readonly writes?: string | undefined;
  /** Messages are sent on both topics; without it they are judged by the broker's ACL file, where that can be had. */
  readonly exchanges: boolean;
  /** How large the message is that it sends, in bytes. */
  readonly payloadBytes: number;
  /** The way there, where `host` and `port` cannot be connected to from here. */
  readonly openStream?: (() => Promise<Duplex>) | undefined;
};

/** A port on which the same host may listen. */
export type OtherPort = { readonly port: number; readonly what: string };

/** The broker from inside, where the console reaches it. All may throw. */
export type BrokerInsight = {
  readonly line: () => Promise<BrokerLine>;
  readonly files: () => Promise<BrokerFiles | undefined>;
  /** Without lines about messages. */
  readonly log: () => Promise<readonly string[]>;
};

/** A CRL may have a hundred thousand entries: they are nobody's matter here. */
export type CrlTimes = {
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
};

export type Surroundings = {
  readonly now: () => Date;
  /** The latest moment that is known to have been: the clock cannot rightly show an earlier one. */
  readonly latestKnown?: Date | undefined;
  readonly otherPorts: readonly OtherPort[];
  /** The port is meant for tokens. */
  readonly isTokenPort: boolean;
  /** Authorities in force, in PEM. */
  readonly authorityPems: readonly string[];
  /** By the register; the serial number in lower-case hex. */
  readonly isRevoked: (serialNumber: string) => boolean;
  /** What a broker's CRL file holds. */
  readonly readCrls: (text: string) => Promise<readonly CrlTimes[]>;
  /** Why the broker may not know this client yet, in words. */
  readonly notPushedYet?: string | undefined;
  readonly insight?: BrokerInsight | undefined;
  /** A client that may read and write both topics. */
  readonly helper?: ProbeClient | undefined;
  /** Told of each message before it is sent, whoever seems to say it. */
  readonly onSend?: ((topic: string, payload: Buffer) => void) | undefined;
  /** Whether a password fits a line's `$7$` hash. */
  readonly verifyPassword: (password: string, hash: string) => Promise<boolean>;
  readonly timeoutMs?: number | undefined;
};

/** A possible reason; `because` is what is special about this case. */
export type Suspicion = { readonly code: CauseCode; readonly because?: string | undefined };

export const suspect = (code: CauseCode, because?: string): Suspicion => ({ code, because });

/** Who is calling, and through which host. Every call carries its own; nothing is kept in a "current session". */
export type Session = {
  readonly sessionId: string;
  /** Name that the audit trail records. */
  readonly actor: string;
  readonly host: 'desktop' | 'loopback' | 'memory';
};

/** What a host hands to the contract's handlers with every call. */
export type CallContext = { readonly session: Session };

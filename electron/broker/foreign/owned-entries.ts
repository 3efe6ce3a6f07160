/**
 * What the console may write and take away in files that it shares with others. Whatever is not named here is
 * somebody else's and stays as it is.
 */
export type OwnedEntries = {
  /**
   * Of plants (UUID and `plc-…`), probe accounts and the console: those it manages, and those it ever managed, so that
   * an entry of a plant that was revoked or deleted does not stay as somebody else's. Everybody who is rendered is
   * among them.
   */
  readonly usernames: ReadonlySet<string>;
  /** Ports of its listeners, now and before. */
  readonly ports: ReadonlySet<number>;
};

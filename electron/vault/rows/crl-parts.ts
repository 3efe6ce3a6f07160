/**
 * A piece of a CRL's text. A CRL may have megabytes, so it is written and read piece by piece; it counts once its
 * authority names it, and is never changed after that.
 */
export type CrlPart = {
  readonly authorityId: string;
  /** All parts of one CRL have the same. */
  readonly bodyId: string;
  /** From 0. */
  readonly position: number;
  /** PEM, ASCII only. */
  readonly text: string;
};

export type CrlPartTable = {
  insert(part: CrlPart): void;
  /** Undefined where there is none. */
  text(bodyId: string, position: number): string | undefined;
  count(bodyId: string): number;
  /** Deletes parts of the authority's other CRLs than these, `limit` at most. Answers how many were deleted. */
  deleteOthers(authorityId: string, bodyIds: readonly string[], limit: number): number;
};

/** ISO 8601 in UTC, as `Date.toISOString` writes it. */
export type Timestamp = string;

/** Where an SSH server listens, and how long the way to a ready session may take (milliseconds). */
export type Endpoint = {
  readonly host: string;
  readonly port: number;
  readonly readyTimeoutMs?: number;
};

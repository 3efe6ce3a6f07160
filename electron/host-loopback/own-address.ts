/** The addresses under which a loopback host is its own origin. A name for 127.0.0.1 that somebody else owns is not among them. */
export class OwnAddress {
  readonly port: number;
  readonly #hosts: ReadonlySet<string>;

  constructor(port: number) {
    this.port = port;
    // URL leaves the port out where it is HTTP's own, as browsers do in the Host header.
    this.#hosts = new Set(['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host));
  }

  get origin(): string {
    return new URL(`http://127.0.0.1:${this.port}`).origin;
  }

  /** Where the window may open its WebSocket. */
  get webSocketOrigins(): readonly string[] {
    return [...this.#hosts].map((host) => `ws://${host}`);
  }

  isOwnHost(host: string | undefined): host is string {
    return host !== undefined && this.#hosts.has(host);
  }
}

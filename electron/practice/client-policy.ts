// Who decides where the practice broker asks a policy instead of its own files.

/** What a client does. `read` is asked at each delivery. */
export type PolicyQuestion = 'subscribe' | 'publish' | 'read';

export type PolicyAnswer = { readonly ok: boolean; readonly reason: string };

export type PolicyAdmission =
  | { readonly refused: string }
  | {
      /** Whom the token speaks for. */
      readonly name: string;
      /** By the rules of the moment; a token that has ended is denied. */
      ask(question: PolicyQuestion, topic: string): PolicyAnswer;
    };

export type ClientPolicy = {
  /** The name in the one certificate that no policy is asked for: that of whoever watches the broker. */
  readonly watcher: string;
  /** `username` where the token came as a password: it must be the token's subject then, as for a real broker. */
  admit(token: string, username?: string): Promise<PolicyAdmission>;
};

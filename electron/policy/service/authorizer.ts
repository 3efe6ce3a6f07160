// The answers that a broker gets. Whatever is not known for sure is a no, with a reason.
// - Decisions are kept with the token they were made for, so they end with it; new rules forget all of them at once.
// - A superuser is told by the token alone. Asked by a bare username, the answer is no: whoever logs in under somebody
//   else's name would share that person's rights. Nothing is lost by it, since a superuser's every access is allowed.
// - A token in the place of a password counts under the name of its own subject only. The plugin keeps logins by name and
//   password, without the client id, and asks on by name: under another's name, a login that it remembers would be judged
//   by the token of that other.

import { ConsoleError } from '../../../shared/model/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RuleSet } from '../decide.ts';
import type { TokenCheck } from '../subjects.ts';
import { actionsOf } from './access.ts';
import { type CheckedToken, CheckedTokens } from './checked-tokens.ts';
import { type Answer, decideAccess, no } from './decide-access.ts';
import { Logins } from './logins.ts';

/** Who asks: by a token alone, by one in the place of a password, or as a client that logged in before. */
export type Asker = {
  readonly token?: string | undefined;
  readonly password?: string | undefined;
  readonly username?: string | undefined;
  readonly clientId?: string | undefined;
};

/** Of all decisions that are kept. Beyond it all are forgotten: that is rare, and costs one look at the rules each. */
const maxDecisions = 100_000;
const longestKeptTopic = 1000;

export class Authorizer {
  readonly #clock: Clock;
  readonly #tokens: CheckedTokens;
  readonly #logins = new Logins();
  #rules: RuleSet | undefined;
  #decisions = new WeakMap<CheckedToken, Map<string, Answer>>();
  #decisionCount = 0;

  /** Without rules everybody is denied. */
  constructor(options: {
    readonly clock: Clock;
    readonly verifier: TokenCheck;
    readonly rules: RuleSet | undefined;
    readonly cacheSeconds: number;
  }) {
    this.#clock = options.clock;
    this.#tokens = new CheckedTokens(options.verifier, options.cacheSeconds);
    this.#rules = options.rules;
  }

  /** Decides by these rules from now on; nothing that was decided before counts any more. */
  takeRules(rules: RuleSet | undefined): void {
    this.#rules = rules;
    this.#forgetDecisions();
  }

  /** Checks every token anew, by these keys. */
  takeTokenCheck(verifier: TokenCheck): void {
    this.#tokens.takeTokenCheck(verifier);
  }

  /** Whether a client may connect. A login by username and client id is remembered. */
  async connect(asker: Asker): Promise<Answer> {
    const token = shownBy(asker);
    if (token === undefined) return no('there is no token');
    const checked = await this.#check(token);
    if ('reason' in checked) return checked;
    if (isUnderAnotherName(asker, checked)) return underAnotherName;
    if (checked.subject.type === 'nobody') return no('the token names no groups and no scopes');
    const { username, clientId } = asker;
    if (asker.token === undefined && username !== undefined && clientId !== undefined)
      this.#logins.remember(username, clientId, { token, expiresAt: checked.expiresAt });
    return { ok: true, reason: `the token speaks for a ${checked.subject.type}` };
  }

  /** Whether every bit of `access` is allowed on the topic, or filter. */
  access(asker: Asker, access: number, topic: string): Answer | Promise<Answer> {
    const now = this.#now();
    const token = this.#tokenOf(asker, now);
    if (token === undefined) return no('this client has not logged in with a token that still lives');
    const known = this.#tokens.recall(token, now);
    return known ? this.#decideFor(asker, known, access, topic) : this.#checkAndDecide(asker, token, access, topic);
  }

  async superuser(asker: Asker): Promise<Answer> {
    const token = shownBy(asker);
    if (token === undefined) return no('a name alone makes no superuser: each access is answered instead');
    const checked = await this.#check(token);
    if ('reason' in checked) return checked;
    if (isUnderAnotherName(asker, checked)) return underAnotherName;
    return this.#rules?.isSuperuser(checked.subject)
      ? { ok: true, reason: 'superuser' }
      : no('no group and no scope of the token makes a superuser');
  }

  async #checkAndDecide(asker: Asker, token: string, access: number, topic: string): Promise<Answer> {
    const checked = await this.#check(token);
    return 'reason' in checked ? checked : this.#decideFor(asker, checked, access, topic);
  }

  #decideFor(asker: Asker, checked: CheckedToken, access: number, topic: string): Answer {
    return isUnderAnotherName(asker, checked) ? underAnotherName : this.#decideOnce(checked, access, topic);
  }

  #tokenOf(asker: Asker, now: number): string | undefined {
    const token = shownBy(asker);
    if (token !== undefined) return token;
    const { username, clientId } = asker;
    return username === undefined || clientId === undefined ? undefined : this.#logins.tokenOf(username, clientId, now);
  }

  /** What is wrong with a token is told by its code: whoever made it knows no more by it than before. */
  async #check(token: string): Promise<CheckedToken | Answer> {
    try {
      return await this.#tokens.check(token, this.#now());
    } catch (error) {
      if (error instanceof ConsoleError) return no(error.code);
      throw error;
    }
  }

  #decideOnce(checked: CheckedToken, access: number, topic: string): Answer {
    const key = `${access} ${topic}`;
    const known = this.#decisions.get(checked)?.get(key);
    if (known) return known;
    const answer = this.#decide(checked, access, topic);
    if (topic.length <= longestKeptTopic) this.#keep(checked, key, answer);
    return answer;
  }

  #keep(checked: CheckedToken, key: string, answer: Answer): void {
    if (this.#decisionCount >= maxDecisions) this.#forgetDecisions();
    const decisions = this.#decisions.get(checked) ?? new Map<string, Answer>();
    this.#decisions.set(checked, decisions.set(key, answer));
    this.#decisionCount += 1;
  }

  #forgetDecisions(): void {
    this.#decisions = new WeakMap();
    this.#decisionCount = 0;
  }

  #decide({ subject }: CheckedToken, access: number, topic: string): Answer {
    const actions = actionsOf(access);
    return actions.length === 0
      ? no('acc asks for nothing that can be allowed')
      : decideAccess(this.#rules, subject, actions, topic);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

const shownBy = ({ token, password }: Asker): string | undefined => token ?? password;

const isUnderAnotherName = ({ token, password, username }: Asker, { subject }: CheckedToken): boolean =>
  token === undefined && password !== undefined && username !== subject.id;

const underAnotherName = no('the username must be the subject of the token');

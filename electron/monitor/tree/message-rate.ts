// Messages a second, as an average in which a message counts less the older it is: it needs no list of messages, and
// a topic that falls silent fades out instead of jumping.

const fadeMs = 5_000;
/** Of something heard only just now there is no rate yet; so much time is taken for granted. */
const leastMs = 3_000;
const unnoticeable = 0.01;

/** Times are Unix times in milliseconds. */
export class MessageRate {
  #weight = 0;
  #since = 0;
  #at = 0;

  count(now: number): void {
    if (this.#since === 0) {
      this.#since = now;
      this.#at = now;
    } else if (now !== this.#at) {
      this.#weight *= faded(now - this.#at);
      this.#at = now;
    }
    this.#weight += 1;
  }

  perSecond(now: number): number {
    const weight = this.#weight * faded(now - this.#at);
    const time = (fadeMs / 1000) * (1 - faded(Math.max(leastMs, now - this.#since)));
    const rate = weight / time;
    return rate < unnoticeable ? 0 : rate;
  }
}

/** A clock that was set back fades nothing. */
const faded = (milliseconds: number): number => Math.exp(-Math.max(0, milliseconds) / fadeMs);

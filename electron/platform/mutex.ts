const done = (): void => {};

/** Lets one piece of asynchronous work run at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    // What came of it is not kept: it may be a key, or megabytes.
    this.#last = turn.then(done, done);
    return turn;
  }
}

import { Turns } from './turns.ts';

/** `Turns` for each key of its own. */
export class KeyedTurns {
  readonly #atOnce: number;
  readonly #turns = new Map<string, { readonly turns: Turns; users: number }>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const own = this.#turns.get(key) ?? { turns: new Turns(this.#atOnce), users: 0 };
    this.#turns.set(key, own);
    own.users += 1;
    try {
      return await own.turns.run(work);
    } finally {
      own.users -= 1;
      if (own.users === 0) this.#turns.delete(key);
    }
  }
}

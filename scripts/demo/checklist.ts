export type StepResult = {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** What was seen, or what went wrong. */
  readonly detail?: string;
};

/** Runs named steps one after the other, prints each as it ends, and stops at the first that fails. */
export class Checklist {
  readonly results: StepResult[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  get ok(): boolean {
    return this.results.every(({ ok }) => ok);
  }

  /** A step's answer, when it is a text, is shown beside its name. Throws what the step throws. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const value = await work();
      this.#add({ name, ok: true, ms: sinceMs(start), ...(typeof value === 'string' && { detail: value }) });
      return value;
    } catch (error) {
      this.#add({
        name,
        ok: false,
        ms: sinceMs(start),
        detail: error instanceof Error ? error.message : String(error),
      });
      throw error;
    }
  }

  #add(result: StepResult): void {
    this.results.push(result);
    const time = `${String(result.ms).padStart(6)} ms`;
    this.#print(`${result.ok ? '✔' : '✘'} ${time}  ${result.name}${result.detail ? ` — ${result.detail}` : ''}`);
  }
}

const sinceMs = (start: number): number => Math.round(performance.now() - start);

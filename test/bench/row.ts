/** One comparison of ours against a reference, both measured in the same run. */
export type BenchRow = {
  /** `<room>/<what>`. */
  readonly name: string;
  readonly unit: string;
  /** What ours divided by reference must reach: at least this when more is better, at most this when less is. */
  readonly aim: number;
  readonly direction: 'more-is-better' | 'less-is-better';
  run(): Promise<Measurement>;
};

export type Measurement = { readonly ours: number; readonly reference: number };

export type BenchResult = {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  readonly unit: string;
  readonly ratio: number;
  readonly aim: number;
  readonly ok: boolean;
};

export function judge(row: BenchRow, { ours, reference }: Measurement): BenchResult {
  const ratio = ours / reference;
  const ok = row.direction === 'more-is-better' ? ratio >= row.aim : ratio <= row.aim;
  return {
    name: row.name,
    ours: rounded(ours),
    reference: rounded(reference),
    unit: row.unit,
    ratio: rounded(ratio),
    aim: row.aim,
    ok,
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

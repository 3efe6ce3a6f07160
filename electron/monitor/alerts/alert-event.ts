/** What a rule has found out. The same `ruleId` and `subject` are the same alert. */
export type AlertEvent =
  | {
      readonly type: 'raise';
      readonly ruleId: string;
      readonly subject: string;
      readonly plantId: string | null;
      /** In words, from strangers too: to be made visible and cut before it is kept. */
      readonly what: string;
      readonly value: string | null;
      readonly word?: PlantWord | undefined;
    }
  | { readonly type: 'end'; readonly ruleId: string; readonly subject: string; readonly word?: PlantWord | undefined };

/** Where it was a plant's own word. */
export type PlantWord = {
  /** When the plant says that it was, in Unix milliseconds by its own clock; null: it does not say. */
  readonly saidAt: number | null;
  /** The broker had kept it. */
  readonly isRetained: boolean;
};

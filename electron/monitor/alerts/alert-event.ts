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
    }
  | { readonly type: 'end'; readonly ruleId: string; readonly subject: string };

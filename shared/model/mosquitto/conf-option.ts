export type ConfOption = { readonly keyword: string; readonly value: string };

/** The last value of a keyword, as the broker keeps it. */
export const optionValue = (options: readonly ConfOption[], keyword: string): string | undefined =>
  options.findLast((option) => option.keyword === keyword)?.value;

export const optionIsTrue = (options: readonly ConfOption[], keyword: string): boolean =>
  optionValue(options, keyword) === 'true';

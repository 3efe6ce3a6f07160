/** How lines are told apart: by colour, and by dash for who cannot tell these colours or has glare on the screen. */
export const lineSigns: readonly { readonly colour: string; readonly dash: readonly number[] }[] = [
  { colour: '--plot-1', dash: [] },
  { colour: '--plot-2', dash: [8, 4] },
  { colour: '--plot-3', dash: [2, 3] },
  { colour: '--plot-4', dash: [12, 3, 2, 3] },
  { colour: '--plot-1', dash: [4, 8] },
  { colour: '--plot-2', dash: [] },
  { colour: '--plot-3', dash: [10, 6] },
  { colour: '--plot-4', dash: [] },
];

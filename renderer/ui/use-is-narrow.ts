import { useMediaQuery } from '@mantine/hooks';

/** Whether a table has little room: it has 216 pixels less than the window, and wide ones need a thousand. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 1239px)', false, { getInitialValueInEffect: false });

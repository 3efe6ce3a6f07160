const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/**
 * Room on a device, as people say it: `812 KiB`, `9.8 MiB`, `77 GiB`. `kib` in KiB (1,024 bytes), as `df -k` counts.
 * Rounded down: what is said to be free is free.
 */
export function howMuch(kib: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, kib)) / 10)));
  const value = kib / 1024 ** step;
  const shown = step > 0 && value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value);
  return `${shown} ${units[step]}`;
}

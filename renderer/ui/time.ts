import { useEffect, useState } from 'react';

const day = 86_400_000;

/** A moment as a field engineer writes it: `2026-03-09 14:05`, local time. */
export function dateTime(iso: string): string {
  const at = new Date(iso);
  return `${date(iso)} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** `2026-03-09`, local time. */
export function date(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** `14:05:09`, local time. */
export function timeOfDay(iso: string): string {
  const at = new Date(iso);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** `14:05:09.042`, local time: what tells apart messages of one second. */
export const exactTimeOfDay = (iso: string): string => `${timeOfDay(iso)}.${pad(new Date(iso).getMilliseconds(), 3)}`;

const pad = (n: number, digits = 2): string => String(n).padStart(digits, '0');

/** A span in its two largest words at most: `12 s`, `5 min`, `3 h`, `40 days`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** `5 min ago`. */
export const ago = (iso: string, now: number): string => `${span(now - Date.parse(iso))} ago`;

/** Days until a moment; negative when it is past. */
export const daysUntil = (iso: string, now: number): number => (Date.parse(iso) - now) / day;

/** The time, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

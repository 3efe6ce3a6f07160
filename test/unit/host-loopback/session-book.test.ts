import { expect, test } from 'vitest';
import { createToken } from '../../../electron/host-loopback/secret-token.ts';
import { SessionBook, startTokenLifetimeMs } from '../../../electron/host-loopback/session-book.ts';

function newBook(bearerToken = createToken()) {
  let now = 0;
  const book = new SessionBook({ monotonicMs: () => now, actor: 'eva', bearerToken });
  const signIn = (token = book.issueStartToken()) => book.redeemStartToken(token) ?? { cookie: '', windowKey: '' };
  return { book, signIn, advance: (ms: number) => (now += ms) };
}

test('a start token is worth one sign-in, and every window is a session of its own', () => {
  const { book, signIn } = newBook();
  const [first, second] = [book.issueStartToken(), book.issueStartToken()];
  const windows = [signIn(first), signIn(second)];
  expect(book.redeemStartToken(first)).toBeUndefined();
  const sessions = windows.map(({ windowKey }) => book.byWindowKey(windowKey));
  expect(sessions.map((session) => session?.actor)).toEqual(['eva', 'eva']);
  expect(sessions[0]?.sessionId).not.toBe(sessions[1]?.sessionId);
  expect(windows.map(({ cookie }) => book.knowsCookie(cookie))).toEqual([true, true]);
});

test('a start token ages; a cookie and a window key do not', () => {
  const { book, signIn, advance } = newBook();
  const late = book.issueStartToken();
  const { cookie, windowKey } = signIn();
  advance(startTokenLifetimeMs);
  expect(book.redeemStartToken(late)).toBeUndefined();
  expect(book.knowsCookie(cookie)).toBe(true);
  expect(book.byWindowKey(windowKey)).toBeDefined();
});

test('tokens do not pass for one another', () => {
  const bearer = createToken();
  const { book, signIn } = newBook(bearer);
  const start = book.issueStartToken();
  const { cookie, windowKey } = signIn();
  expect(book.byBearerToken(bearer)?.actor).toBe('eva (API)');
  expect([start, cookie, windowKey].map((token) => book.byBearerToken(token))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([bearer, start, cookie].map((token) => book.byWindowKey(token))).toEqual([undefined, undefined, undefined]);
  expect([bearer, start, windowKey].map((token) => book.knowsCookie(token))).toEqual([false, false, false]);
  expect([bearer, cookie, windowKey].map((token) => book.redeemStartToken(token))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

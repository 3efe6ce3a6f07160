import { expect, test } from 'vitest';
import { createToken } from '../../../electron/host-loopback/secret-token.ts';
import { SessionBook, startTokenLifetimeMs } from '../../../electron/host-loopback/session-book.ts';

function newBook(bearerToken = createToken()) {
  let now = 0;
  const book = new SessionBook({ clock: { now: () => new Date(now) }, actor: 'eva', bearerToken });
  return { book, advance: (ms: number) => (now += ms) };
}

test('a start token is worth one cookie, and every cookie is a session of its own', () => {
  const { book } = newBook();
  const [first, second] = [book.issueStartToken(), book.issueStartToken()];
  const cookies = [book.redeemStartToken(first), book.redeemStartToken(second)];
  expect(book.redeemStartToken(first)).toBeUndefined();
  const sessions = cookies.map((cookie) => book.byCookie(cookie ?? ''));
  expect(sessions.map((session) => session?.actor)).toEqual(['eva', 'eva']);
  expect(sessions[0]?.sessionId).not.toBe(sessions[1]?.sessionId);
});

test('a start token ages; a cookie does not', () => {
  const { book, advance } = newBook();
  const [early, late] = [book.issueStartToken(), book.issueStartToken()];
  const cookie = book.redeemStartToken(early) ?? '';
  advance(startTokenLifetimeMs);
  expect(book.redeemStartToken(late)).toBeUndefined();
  expect(book.byCookie(cookie)).toBeDefined();
});

test('tokens do not pass for one another', () => {
  const bearer = createToken();
  const { book } = newBook(bearer);
  const start = book.issueStartToken();
  expect(book.byBearerToken(bearer)?.actor).toBe('eva (API)');
  expect(book.byBearerToken(start)).toBeUndefined();
  expect(book.byCookie(start)).toBeUndefined();
  expect(book.byCookie(bearer)).toBeUndefined();
  expect(book.redeemStartToken(bearer)).toBeUndefined();
  const cookie = book.redeemStartToken(start) ?? '';
  expect(book.byBearerToken(cookie)).toBeUndefined();
  expect(book.redeemStartToken(cookie)).toBeUndefined();
});

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as base64url: 43 characters that need no escaping in an address, a cookie or a header. */
export const createToken = (): string => randomBytes(32).toString('base64url');

/** What the host keeps of a token, so that the token itself is in nobody's memory but its owner's. */
export const digestToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Compares in constant time, whatever was presented: both sides are hashes of one length. */
export const tokenMatches = (digest: Buffer, presented: string): boolean =>
  timingSafeEqual(digest, digestToken(presented));

// Fetches a JWK set from whoever issues tokens. Its answer is bounded in time and size, and never leads elsewhere:
// what a redirect points to is nobody's choice here.

import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import type { JSONWebKeySet } from 'jose';
import { readKeySet } from './key-set.ts';

const timeoutMs = 5_000;
const maxBytes = 1_048_576;

/** Throws `policy/key-invalid` for an answer that is no JWK set, and what the network throws. */
export async function fetchKeySet(url: URL, authorityPem: string | undefined): Promise<JSONWebKeySet> {
  const response = await request(url, authorityPem);
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`the address answered ${response.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('the answer is larger than any JWK set');
    chunks.push(chunk);
  }
  return readKeySet(Buffer.concat(chunks).toString('utf8'));
}

function request(url: URL, authorityPem: string | undefined): Promise<IncomingMessage> {
  const options = { agent: false, signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json' } };
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'https:'
        ? getSecure(url, { ...options, ...(authorityPem !== undefined && { ca: authorityPem }) }, resolve)
        : getPlain(url, options, resolve);
    sent.on('error', reject);
  });
}

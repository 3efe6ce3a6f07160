import { createHash, webcrypto } from 'node:crypto';

/** Shorter than this, a hash costs less than a job for the thread pool. */
const longBytes = 65_536;

/** SHA-256; of what is long it is made on the thread pool. */
export async function sha256(content: Uint8Array): Promise<Buffer> {
  if (content.length < longBytes) return createHash('sha256').update(content).digest();
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', new Uint8Array(content)));
}

/** The same in lower-case hex. */
export const sha256Hex = async (content: Uint8Array): Promise<string> => (await sha256(content)).toString('hex');

/** Of each file, by its name. */
export async function digestsByName(
  files: readonly { readonly name: string; readonly content: Uint8Array }[],
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { name, content } of files) digests[name] = await sha256Hex(content);
  return digests;
}

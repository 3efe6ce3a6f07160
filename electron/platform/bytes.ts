// Bytes as a Buffer, whose methods search and compare them.

import { Buffer } from 'node:buffer';

/** The same bytes, not a copy of them. */
export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

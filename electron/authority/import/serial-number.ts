import { tag } from '../der.ts';
import { type Element, readOctets } from '../der-reader.ts';

/** RFC 5280, 4.1.2.2. */
const mostOctets = 20;

/**
 * Why no CRL of this console could name a certificate by its serial number; undefined where one can. Taken for a positive
 * one, a negative number would be that of another certificate, and its own would stay good.
 */
export function whyNotRevocable(serialNumber: Element): string | undefined {
  const octets = readOctets(serialNumber, tag.integer);
  if ((octets[0] ?? 0) >= 0x80) return 'the serial number is negative, and a revocation of it would not hold';
  const hex = octets.toString('hex');
  return isTooLong(hex) ? 'the serial number has more than 20 octets, and no CRL can name it' : undefined;
}

/** Of hex digits. */
export const isTooLong = (hex: string): boolean => hex.replace(/^(00)+/, '').length > 2 * mostOctets;

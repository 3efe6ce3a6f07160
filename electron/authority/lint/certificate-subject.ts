import { tag } from '../der.ts';
import { readElement, readOctets } from '../der-reader.ts';
import type { CertificateStructure, Extension } from '../structure.ts';

/** What a rule looks at. Without the issuer's certificate, what needs it is not judged. */
export type CertificateSubject = {
  readonly certificate: CertificateStructure;
  readonly kind: 'authority' | 'server' | 'client' | 'document';
  readonly issuerDer: Buffer | undefined;
};

/** The content of a SubjectKeyIdentifier. */
export const keyIdentifierIn = ({ value }: Extension): Buffer => readOctets(readElement(value), tag.octetString);

// Cross-certificates (RFC 4210, 4.4): the name and key of one authority, certified by another. Whoever trusts only the
// signing one then believes what the other one issues, as long as the cross-certificate is shown along with it.

import { tag } from './der.ts';
import { readElement, readIntegerHex, readSequence } from './der-reader.ts';
import { basicConstraintsAuthority, extensionId, keyUsageAuthority, subjectKeyIdentifier } from './extensions.ts';
import { inspectCertificate } from './inspect.ts';
import { type AuthorityFiles, Issuer } from './issuer.ts';
import { fromPem, toPem } from './pem.ts';
import { readCertificateStructure } from './structure.ts';
import { newSerialNumber, tbsCertificate } from './tbs-certificate.ts';

/**
 * The certificate of `subjectPem` by the authority of `files`, for as long as both are valid. Undefined where nobody could follow it:
 * an issuer with `pathlen:0` certifies leaves only (RFC 5280, 4.2.1.9), or their times do not meet.
 */
export async function crossCertify(files: AuthorityFiles, subjectPem: string): Promise<string | undefined> {
  const authority = new Issuer(files);
  const { subjectDer, subjectKeyIdentifier: keyIdentifier, ...subject } = inspectCertificate(subjectPem);
  const notBefore = new Date(Math.max(subject.notBefore.getTime(), authority.validity.notBefore.getTime()));
  const notAfter = new Date(Math.min(subject.notAfter.getTime(), authority.validity.notAfter.getTime()));
  if (notAfter <= notBefore || pathLengthOf(files.certificatePem) === 0) return undefined;
  const der = await authority.signer.signed(
    tbsCertificate({
      serialNumber: newSerialNumber(),
      signatureAlgorithm: authority.signer.algorithmIdentifier,
      issuer: authority.name,
      validity: { notBefore, notAfter },
      subject: subjectDer,
      publicKey: readCertificateStructure(fromPem('CERTIFICATE', subjectPem)).publicKey.der,
      extensions: [
        basicConstraintsAuthority,
        keyUsageAuthority,
        subjectKeyIdentifier(keyIdentifier),
        authority.authorityKeyIdentifier,
      ],
    }),
  );
  return toPem('CERTIFICATE', der);
}

function pathLengthOf(certificatePem: string): number | undefined {
  const { extensions } = readCertificateStructure(fromPem('CERTIFICATE', certificatePem));
  const constraints = extensions.find(({ oid }) => oid === extensionId.basicConstraints);
  const length = constraints && readSequence(readElement(constraints.value)).find((part) => part.tag === tag.integer);
  return length && Number.parseInt(readIntegerHex(length), 16);
}

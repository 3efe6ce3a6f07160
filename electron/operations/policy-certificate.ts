// The certificate of the policy service, by the authority, for the name that brokers know this machine by.

import type { PolicyServiceSettings } from '../../shared/model/policy-service.ts';
import { joinPems } from '../platform/pem-blocks.ts';
import type { ServiceCertificate } from '../policy/service/listener.ts';
import { trustedAuthorities } from './authority.ts';
import { crossCertificates, servesNames } from './broker-files.ts';
import { issueFromAuthority } from './certificates.ts';
import { endsSoon } from './console-identity.ts';
import { audit, type OperationContext } from './context.ts';

const serialSetting = 'policy-service-certificate';
/** They stand for every address of this machine. */
const wildcardAddresses = ['0.0.0.0', '::'];

/** For the console's own service. Throws `authority/absent`. */
export function policyServiceCertificate(
  context: OperationContext,
  { serverName, address }: Pick<PolicyServiceSettings, 'serverName' | 'address'>,
): Promise<ServiceCertificate> {
  const others = wildcardAddresses.includes(address) || address === serverName ? [] : [address];
  return certificateFor(context, serialSetting, serverName, others);
}

/**
 * A server's certificate with its chain and its key, remembered under the setting. Issued anew when its names or the
 * authority changed, it was revoked or it ends soon. Throws `authority/absent`.
 */
export function certificateFor(
  context: OperationContext,
  setting: string,
  commonName: string,
  subjectAltNames: readonly string[] = [],
): Promise<ServiceCertificate> {
  const names = [commonName, ...subjectAltNames];
  return context.exclusively(async () => {
    const { certificates, settings } = context.vault;
    const serialNumber = settings.get(setting);
    const current = serialNumber === undefined ? undefined : certificates.get(serialNumber);
    const currentKey = current && certificates.privateKeyPem(current.serialNumber);
    const isOurs = current?.state === 'active' && current.authorityId === trustedAuthorities(context)[0].authorityId;
    if (current && currentKey && isOurs && !endsSoon(context, current) && servesNames(current.certificatePem, names))
      return chain(context, current.certificatePem, currentKey);

    const { row, privateKeyPem } = await issueFromAuthority(context, {
      profile: { kind: 'broker', commonName, subjectAltNames },
      keyAlgorithm: 'RSA-2048',
    });
    context.vault.transaction(() => {
      certificates.insert({ ...row, state: 'active' }, privateKeyPem);
      if (current && current.state !== 'revoked') certificates.setState(current.serialNumber, 'superseded');
      settings.set(setting, row.serialNumber);
      audit(context, 'policy.certificate', commonName, { serialNumber: row.serialNumber, names });
    });
    return chain(context, row.certificatePem, privateKeyPem);
  });
}

const chain = (context: OperationContext, certificatePem: string, key: string): ServiceCertificate => ({
  cert: joinPems([certificatePem, ...crossCertificates(context)]),
  key,
});

// A broker that asks the rules, as files: with the rules, the public keys, the certificates and the policy service itself.
// It is on its own from then on; this console need not be there.

import { X509Certificate } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { CelineExport } from '../../shared/model/policy-celine.ts';
import { packCelineExport } from '../broker/export/celine/pack.ts';
import { rootName } from '../broker/export/pack.ts';
import { lintCelineProfile } from '../broker/lint/celine.ts';
import { type CelineKeys, celinePlaces, renderCelineProfile } from '../broker/profiles/celine.ts';
import type { TokenKeySource } from '../policy/keys/key-source.ts';
import { authorityFile } from './authority.ts';
import { audit, type OperationContext } from './context.ts';
import type { ExportedBroker } from './export-broker.ts';
import { certificateFor } from './policy-certificate.ts';
import { activeVersion, getPolicyVersion } from './policy-rules.ts';
import { policyServiceKeys, policyServiceSettings } from './policy-settings.ts';

/** Throws `policy/no-active-rules`, `policy/version-not-found`, `policy/key-invalid`, `authority/absent`. */
export async function exportCelineBroker(context: OperationContext, settings: CelineExport): Promise<ExportedBroker> {
  const version = settings.version ?? activeVersion(context);
  if (version === null) throw new ConsoleError('policy/no-active-rules');
  const { text: rules } = getPolicyVersion(context, version);
  const keys = keysOf(policyServiceKeys(context));
  const { issuer, audience } = policyServiceSettings(context);
  const { host, mode, ports, cacheSeconds, mosquitto: line } = settings;
  const service = await certificateFor(context, 'celine-policy-certificate', celinePlaces.policyHost);
  const broker = await certificateFor(context, `celine-broker-certificate ${host}`, host);
  const authorityPem = authorityFile(context);
  const input = { mode, ports, cacheSeconds, line, rules, keys, issuer, audience, authorityPem, broker, service };
  const rendered = renderCelineProfile(input);
  const writtenAt = context.clock.now();
  await lintCelineProfile(rendered, line, writtenAt);
  const ends = [broker, service].map(({ cert }) => new X509Certificate(cert).validToDate.toISOString().slice(0, 10));
  const content = await packCelineExport({ ...rendered, settings, writtenAt, expiry: ends.sort()[0] ?? '' });
  const files = [...rendered.files, ...rendered.policyFiles].map(({ name }) => name);
  audit(context, 'policy.export', host, { version, mode, mosquitto: line, files });
  return { fileName: `${rootName(host)}.tar`, content };
}

function keysOf(source: TokenKeySource): CelineKeys {
  switch (source.kind) {
    case 'pem':
      return source;
    case 'jwk-set':
      return { kind: 'jwk-set', text: `${JSON.stringify(source.keySet, null, 2)}\n` };
    case 'address':
      return { ...source, authorityPem: source.authorityPem ?? null };
  }
}

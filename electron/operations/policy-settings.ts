// How the policy service is set, and the keys that follow from it. Nothing of it is a secret: keys are public ones.

import type { JSONWebKeySet } from 'jose';
import { type PolicyServiceSettings, policyServiceSettingsSchema } from '../../shared/model/policy-service.ts';
import { jwkSet } from '../credentials/tokens.ts';
import { readKeySet } from '../policy/keys/key-set.ts';
import type { TokenKeySource } from '../policy/keys/key-source.ts';
import { TokenVerifier } from '../policy/subjects.ts';
import { audit, type OperationContext } from './context.ts';
import { trustedTokenKeys } from './token-keys.ts';

const settingsName = 'policy-service';
const runsName = 'policy-service-runs';

export function policyServiceSettings({ vault }: OperationContext): PolicyServiceSettings {
  const stored = vault.settings.get(settingsName);
  return policyServiceSettingsSchema.parse(stored === undefined ? {} : JSON.parse(stored));
}

/** Throws `policy/key-invalid`, `authority/absent` for the keys of a vault that has none. */
export function setPolicyServiceSettings(context: OperationContext, settings: PolicyServiceSettings): void {
  tokenVerifier(context, settings);
  const { keys, ...plain } = settings;
  context.vault.transaction(() => {
    context.vault.settings.set(settingsName, JSON.stringify(settings));
    audit(context, 'policy.configure', settingsName, { ...plain, keys: keys.kind });
  });
  context.changed('policy');
}

/** Whether it shall listen, now and after every unlock. */
export const mayPolicyServiceRun = ({ vault }: OperationContext): boolean => vault.settings.get(runsName) === 'yes';

export const setPolicyServiceRuns = ({ vault }: OperationContext, runs: boolean): void =>
  vault.settings.set(runsName, runs ? 'yes' : 'no');

type TokenSettings = Pick<PolicyServiceSettings, 'keys' | 'issuer' | 'audience'>;

/** Changes when another `tokenVerifier` is to check. Throws `policy/key-invalid`, `authority/absent`. */
export const keySourceDigest = (context: OperationContext, { keys, issuer, audience }: TokenSettings): string =>
  JSON.stringify([keySource(context, keys), issuer, audience]);

/** Throws `policy/key-invalid`, `authority/absent`. */
export const tokenVerifier = (context: OperationContext, { keys, issuer, audience }: TokenSettings): TokenVerifier =>
  new TokenVerifier(keySource(context, keys), {
    ...(issuer !== null && { issuer }),
    ...(audience !== null && { audience }),
  });

/** By which keys the service checks tokens. Throws `policy/key-invalid`, `authority/absent`. */
export const policyServiceKeys = (context: OperationContext): TokenKeySource =>
  keySource(context, policyServiceSettings(context).keys);

function keySource(context: OperationContext, keys: PolicyServiceSettings['keys']): TokenKeySource {
  switch (keys.kind) {
    case 'console':
      return { kind: 'jwk-set', keySet: consoleKeySet(context) };
    case 'pem':
      return keys;
    case 'jwk-set':
      return { kind: 'jwk-set', keySet: readKeySet(keys.text) };
    case 'address':
      return keys;
  }
}

const consoleKeySet = (context: OperationContext): JSONWebKeySet => jwkSet(trustedTokenKeys(context));

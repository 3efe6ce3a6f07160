// Rule sets: each one that is saved is kept as it was written, and one of them is in force.

import { createHash } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PolicyDocument } from '../../shared/model/policy.ts';
import type { PolicyFindings, PolicyVersion, StoredPolicy } from '../../shared/model/policy-version.ts';
import { inSlices } from '../platform/slices.ts';
import { RuleSet } from '../policy/decide.ts';
import { parsePolicy, parsingPolicy } from '../policy/rules.ts';
import type { PolicyVersionRow } from '../vault/rows/policy-versions.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** A text that need not be saved, or the number of a version. */
export type RulesReference = { readonly text: string } | { readonly version: number };

const activeSetting = 'policy-active-version';

/** Newest first. */
export const listPolicyVersions = (context: OperationContext): PolicyVersion[] =>
  context.vault.policyVersions.list().map((row) => ({ ...row, isActive: row.version === activeVersion(context) }));

/** Throws `policy/version-not-found`. */
export function getPolicyVersion(context: OperationContext, version: number): StoredPolicy {
  return { ...requireVersion(context, version), isActive: version === activeVersion(context) };
}

/** Keeps valid rules as the next version. Throws `policy/rules-invalid`. */
export async function savePolicyVersion(context: OperationContext, text: string, note: string): Promise<PolicyVersion> {
  await inSlices(parsingPolicy(text));
  const row = { note, author: context.actor, savedAt: timestamp(context), text };
  const version = context.vault.transaction(() => {
    const number = context.vault.policyVersions.insert(row);
    audit(context, 'policy.save', String(number), { note });
    return number;
  });
  context.changed('policy');
  return viewVersion(context, version);
}

/** Has the console decide by this version from now on. Throws `policy/version-not-found`. */
export function activatePolicyVersion(context: OperationContext, version: number): PolicyVersion {
  requireVersion(context, version);
  const before = activeVersion(context);
  if (before !== version) {
    context.vault.transaction(() => {
      context.vault.settings.set(activeSetting, String(version));
      audit(context, 'policy.activate', String(version), { before });
    });
    context.changed('policy');
  }
  return viewVersion(context, version);
}

/** What is wrong with a text, and what in it is unknown. */
export async function checkPolicyText(text: string): Promise<PolicyFindings> {
  try {
    const { unknownKeys } = await inSlices(parsingPolicy(text));
    return { faults: [], unknownKeys: [...unknownKeys] };
  } catch (error) {
    if (!(error instanceof ConsoleError) || error.code !== 'policy/rules-invalid') throw error;
    return { faults: [...error.fields], unknownKeys: [] };
  }
}

/** The version in force; null where there is none. */
export function activeVersion({ vault }: OperationContext): number | null {
  const stored = vault.settings.get(activeSetting);
  return stored === undefined ? null : Number(stored);
}

/** Ready to decide. A version means the same rules within one vault only, so the document's digest names them. */
export type ActiveRules = { readonly version: number; readonly digest: string; readonly rules: RuleSet };

/** The rules in force, `known` where they are still the same; undefined where there are none. */
export function activeRules(context: OperationContext, known?: ActiveRules): ActiveRules | undefined {
  const version = activeVersion(context);
  if (version === null) return undefined;
  const { text } = requireVersion(context, version);
  const digest = createHash('sha256').update(text).digest('hex');
  if (known?.version === version && known.digest === digest) return known;
  return { version, digest, rules: new RuleSet(parsePolicy(text).document) };
}

/** Of a text that need not be saved, or of a version. Throws `policy/rules-invalid`, `policy/version-not-found`. */
export async function documentOf(context: OperationContext, rules: RulesReference): Promise<PolicyDocument> {
  const text = 'text' in rules ? rules.text : requireVersion(context, rules.version).text;
  return (await inSlices(parsingPolicy(text))).document;
}

function requireVersion({ vault }: OperationContext, version: number): PolicyVersionRow {
  const row = vault.policyVersions.get(version);
  if (!row) throw new ConsoleError('policy/version-not-found', { details: { version } });
  return row;
}

function viewVersion(context: OperationContext, version: number): PolicyVersion {
  const { text: _, ...row } = getPolicyVersion(context, version);
  return row;
}

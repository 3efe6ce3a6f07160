// Reading the rule document.
// - Its text is what is kept and edited (shared/model/json/json-edit.ts), so that whatever else stands in it survives.
// - An unknown key is pointed out and no fault; what is wrong is named by its path, and then no rule of it counts.
// - A key that occurs twice in one object is a fault: JSON lets every reader choose which of them counts, and the next one
//   may read `deny` where this one read `allow`.

import { ConsoleError, type FieldError } from '../../shared/model/errors.ts';
import { type JsonNode, NoJson, parseJsonText, placeAt, repeatedKeys } from '../../shared/model/json/json-text.ts';
import { finish, type Steps } from '../../shared/model/mosquitto/fault.ts';
import { type PolicyDocument, policyDocumentSchema } from '../../shared/model/policy.ts';

export type ParsedPolicy = {
  readonly document: PolicyDocument;
  /** Dotted paths of keys that this console does not know. */
  readonly unknownKeys: readonly string[];
};

/** Reads a document. Throws `policy/rules-invalid` with a fault by path. */
export const parsePolicy = (text: string): ParsedPolicy => finish(parsingPolicy(text));

/** As `parsePolicy`, to be run in slices: each look at a large document takes as long as others may wait. */
export function* parsingPolicy(text: string): Steps<ParsedPolicy> {
  const node = read(text);
  yield;
  const twice = repeatedKeys(node).map((path) => ({ field: path.join('.'), message: 'occurs twice' }));
  if (twice.length > 0) throw new ConsoleError('policy/rules-invalid', { fields: twice });
  yield;
  const value: unknown = JSON.parse(text);
  yield;
  if (!isPolicy(value)) {
    yield;
    throw new ConsoleError('policy/rules-invalid', { fields: checkPolicy(value) });
  }
  yield;
  return { document: value, unknownKeys: unknownKeys(value) };
}

/** What is wrong with a document, by dotted path such as `celine.mqtt.acl.rules.0.topics.1`. */
export function checkPolicy(value: unknown): FieldError[] {
  const { error } = policyDocumentSchema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => ({ field: path.join('.'), message }));
}

const isPolicy = (value: unknown): value is PolicyDocument => policyDocumentSchema.safeParse(value).success;

function read(text: string): JsonNode {
  try {
    return parseJsonText(text);
  } catch (cause) {
    if (!(cause instanceof NoJson)) throw cause;
    const { line, column } = placeAt(text, cause.offset);
    const message = `is no JSON: line ${line}, column ${column}: ${cause.message}`;
    throw new ConsoleError('policy/rules-invalid', { fields: [{ field: '', message }], cause });
  }
}

function unknownKeys(document: PolicyDocument): string[] {
  const { celine } = document;
  const { acl } = celine.mqtt;
  const beyond = (path: string, value: object, known: readonly string[]) =>
    Object.keys(value)
      .filter((key) => !known.includes(key))
      .map((key) => (path === '' ? key : `${path}.${key}`));
  return [
    ...beyond('', document, ['celine']),
    ...beyond('celine', celine, ['mqtt', 'roles']),
    ...beyond('celine.mqtt', celine.mqtt, ['acl']),
    ...beyond('celine.mqtt.acl', acl, ['rules']),
    ...acl.rules.flatMap((rule, i) => [
      ...beyond(`celine.mqtt.acl.rules.${i}`, rule, ['subjects', 'topics', 'actions', 'effect']),
      ...beyond(`celine.mqtt.acl.rules.${i}.subjects`, rule.subjects, knownConditions),
    ]),
    ...beyond('celine.roles', celine.roles ?? {}, ['group_permissions', 'scope_permissions']),
  ];
}

/** The conditions on a subject that a rule can set. */
export const knownConditions: readonly string[] = ['types', 'ids', 'groups', 'scopes'];

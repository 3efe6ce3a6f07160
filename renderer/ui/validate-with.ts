import type { ZodType, z } from 'zod';

type Issue = z.core.$ZodIssue;

/** A form check by the contract's own schema: the first message of each field, by dotted path. */
export const validateWith =
  <Values>(schema: ZodType, inputOf: (values: Values) => unknown) =>
  (values: Values): Record<string, string> => {
    const { error } = schema.safeParse(inputOf(values));
    const messages: Record<string, string> = {};
    for (const issue of error?.issues ?? []) messages[issue.path.join('.')] ??= inWords(issue);
    return messages;
  };

/** What zod itself says of types and limits is written for programmers. */
function inWords(issue: Issue): string {
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be ${issue.minimum} or more`;
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be ${issue.maximum} or less`;
  if (issue.code === 'too_big' && issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'must be a number';
  if (issue.code === 'invalid_type' && issue.expected === 'int') return 'must be a whole number';
  return issue.message;
}

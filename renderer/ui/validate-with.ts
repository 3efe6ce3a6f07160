import type { ZodType } from 'zod';

/** A form check by the contract's own schema: the first message of each field, by dotted path. */
export const validateWith =
  <Values>(schema: ZodType, inputOf: (values: Values) => unknown) =>
  (values: Values): Record<string, string> => {
    const { error } = schema.safeParse(inputOf(values));
    const messages: Record<string, string> = {};
    for (const { path, message } of error?.issues ?? []) messages[path.join('.')] ??= message;
    return messages;
  };

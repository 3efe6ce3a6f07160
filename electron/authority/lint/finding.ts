import type { LintFinding } from '../../../shared/model/lint.ts';

/** One line of the checklist. `judge` answers what is wrong, in words, or nothing. */
export type Rule<Subject> = {
  readonly rule: string;
  /** Where it is written, such as `RFC 5280, 4.1.2.2`. */
  readonly source: string;
  readonly severity: LintFinding['severity'];
  readonly judge: (subject: Subject) => string | undefined;
};

/** A subject that cannot even be taken apart for a rule breaks that rule. */
export function judgeAll<Subject>(rules: readonly Rule<Subject>[], subject: Subject): LintFinding[] {
  return rules.flatMap(({ judge, ...rule }) => {
    const problem = whatIsWrong(judge, subject);
    return problem === undefined ? [] : [{ ...rule, problem }];
  });
}

export const unreadable = 'cannot be read';

function whatIsWrong<Subject>(judge: Rule<Subject>['judge'], subject: Subject): string | undefined {
  try {
    return judge(subject);
  } catch {
    return unreadable;
  }
}

import { z } from 'zod';

/** What the linter has to say about a certificate or a CRL. */
export const lintFindingSchema = z.object({
  /** Stable, such as `serial-number`. */
  rule: z.string(),
  /** Where the rule is written, such as `RFC 5280, 4.1.2.2`. */
  source: z.string(),
  /** error: somebody may refuse it. warning: it works, and is not as it should be. */
  severity: z.enum(['error', 'warning']),
  /** In words. */
  problem: z.string(),
});
export type LintFinding = z.infer<typeof lintFindingSchema>;

import type { LintFinding } from '../../../shared/model/lint.ts';
import { CheckList } from '../../ui/CheckList.tsx';

/** What the checklist has to say, each with where it is written. */
export function Findings({ findings, label }: { findings: readonly LintFinding[]; label: string }) {
  const checks =
    findings.length === 0
      ? [{ id: 'none', name: 'Checklist', verdict: 'ok' as const, sentence: 'Nothing is wrong with it.' }]
      : findings.map(({ rule, source, severity, problem }) => ({
          id: rule,
          name: rule,
          verdict: severity === 'error' ? ('refused' as const) : ('attention' as const),
          sentence: `${problem} (${source})`,
        }));
  return <CheckList label={label} checks={checks} />;
}

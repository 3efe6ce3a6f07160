import type { AlertOverview } from '../../../shared/model/alert.ts';
import { Notice } from '../../ui/Notice.tsx';
import { deafWords, isOfBroker } from './words.ts';

/** Where rules in force hear nothing, a sentence a broker; what concerns one rule alone stands beside that rule. */
export function DeafNotice({ known: { deaf } }: { known: AlertOverview }) {
  const brokers = Map.groupBy(deaf.filter(isOfBroker), deafWords);
  const others = new Set(deaf.filter((one) => !isOfBroker(one)).map(({ ruleId }) => ruleId)).size;
  if (deaf.length === 0) return null;
  return (
    <Notice tone="attention">
      {[...brokers].map(([words, rules]) => (
        <div key={words}>
          {rules.length === 1 ? 'A rule rests' : `${rules.length} rules rest`} there: {words}
        </div>
      ))}
      {others > 0 && (
        <div>
          {others === 1 ? 'A rule' : `${others} rules`} in force cannot hear all that{' '}
          {others === 1 ? 'it is' : 'they are'} about: see Rules.
        </div>
      )}
    </Notice>
  );
}

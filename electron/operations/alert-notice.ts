// What the host shows of alerts. It says who and of what kind, in the operator's own words and those of the register:
// what plants and strangers put into their messages may be a secret, and lock screens show it to everybody.

import type { Alert } from '../../shared/model/alert.ts';
import type { HostNotice } from '../../shared/model/host-notice.ts';
import { visibleText } from '../../shared/model/visible-text.ts';

const maxText = 120;

/** Of alerts that are new; at least one. */
export function alertNotice(raised: readonly Alert[]): HostNotice {
  const [first] = raised;
  const others = raised.length > 1 ? ` And ${raised.length - 1} more: see Alerts.` : '';
  return { title: cut(`Alert: ${first?.ruleName ?? ''}`), body: `${first ? cut(wordsOf(first)) : ''}.${others}` };
}

function wordsOf({ kind, plantName, brokerName }: Alert): string {
  const who = plantName ?? 'A plant that is not in the register';
  const at = brokerName === '' ? '' : ` at ${brokerName}`;
  switch (kind) {
    case 'silent':
      return `${who} is silent${at}`;
    case 'value':
      return `A value is beyond its limit${at}`;
    case 'alarm':
      return `${who} raised an alarm${at}`;
    case 'refused':
      return `A login was refused${at}`;
    case 'unreachable':
      return `${brokerName} cannot be reached, and rules rest there`;
  }
}

function cut(text: string): string {
  const shown = visibleText(text);
  return shown.length <= maxText ? shown : `${shown.slice(0, maxText - 1)}…`;
}

// The states of plants and credentials, as words and symbols. Grey is as it should be.

import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconClockExclamation,
  IconPackage,
  IconTruckDelivery,
} from '@tabler/icons-react';
import { hasNoEnd } from '../../../shared/model/leaf-validity.ts';
import type { AuthMethod, PlantStatus } from '../../../shared/model/plant.ts';
import type { CredentialState } from '../../../shared/model/provisioning.ts';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { date, daysUntil, span } from '../../ui/time.ts';

type Sign = { readonly tone: Tone; readonly icon: Icon; readonly word: string };

const statusSigns: Record<PlantStatus, Sign> = {
  PENDING: { tone: 'off', icon: IconCircleDashed, word: 'Pending' },
  ACTIVE: { tone: 'normal', icon: IconCircleCheck, word: 'Active' },
  REVOKED: { tone: 'attention', icon: IconBan, word: 'Revoked' },
};

const credentialSigns: Record<CredentialState, Sign> = {
  issued: { tone: 'working', icon: IconPackage, word: 'Issued' },
  deployed: { tone: 'working', icon: IconTruckDelivery, word: 'Deployed' },
  active: { tone: 'normal', icon: IconCircleCheck, word: 'Active' },
  superseded: { tone: 'off', icon: IconArchive, word: 'Superseded' },
  revoked: { tone: 'attention', icon: IconBan, word: 'Revoked' },
};

export const methodWords: Record<AuthMethod, string> = {
  MTLS: 'Certificate',
  PASSWORD: 'Password',
  TOKEN: 'Token',
};

export const methodExplanations: Record<AuthMethod, string> = {
  MTLS: 'The plant proves itself with its own certificate (mutual TLS). The default for production.',
  PASSWORD: 'Username and a 32-character password. For controllers that cannot use certificates.',
  TOKEN: 'A signed token (JWT, RS256) of 24 hours at most. For gateways that can fetch new ones.',
};

export const statusWords: Record<PlantStatus, string> = {
  PENDING: statusSigns.PENDING.word,
  ACTIVE: statusSigns.ACTIVE.word,
  REVOKED: statusSigns.REVOKED.word,
};

export function PlantStatusBadge({ status }: { status: PlantStatus }) {
  const { tone, icon, word } = statusSigns[status];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}

export function CredentialStateBadge({ state }: { state: CredentialState }) {
  const { tone, icon, word } = credentialSigns[state];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {word}
    </StatusBadge>
  );
}

/** Days before its end from which a credential asks for attention. */
export const expiresSoonDays = 30;
/** A token lives a day at most, so its end is near by nature. */
const tokenExpiresSoonDays = 1 / 24 / 6;

/** When a credential ends: plain while it is far, with a sign when it is near or past. */
export function ExpiryText({ at, method, now }: { at: string | null; method: AuthMethod; now: number }) {
  if (at === null) return <span>—</span>;
  if (hasNoEnd(at)) return <span>with its authority</span>;
  const days = daysUntil(at, now);
  const left = method === 'TOKEN' ? `in ${span(Date.parse(at) - now)}` : date(at);
  if (days <= 0) {
    return (
      <StatusBadge tone="fault" icon={IconAlertTriangle}>
        Expired
      </StatusBadge>
    );
  }
  if (days < (method === 'TOKEN' ? tokenExpiresSoonDays : expiresSoonDays)) {
    return (
      <StatusBadge tone="attention" icon={IconClockExclamation}>
        {method === 'TOKEN' ? left : `${Math.ceil(days)} days`}
      </StatusBadge>
    );
  }
  return <span>{left}</span>;
}

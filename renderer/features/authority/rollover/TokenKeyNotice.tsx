import type { Rollover } from '../../../../shared/model/rollover.ts';
import { Notice } from '../../../ui/Notice.tsx';

/** After an emergency: the key that signs tokens lay beside the one that was lost. Its change has a guide of its own. */
export function TokenKeyNotice({ exposed }: { exposed: Rollover['exposedTokenKey'] }) {
  switch (exposed) {
    case null:
      return null;
    case 'signs':
      return (
        <Notice tone="attention">
          <strong>Change the token key too,</strong> under Token keys below, before tokens are issued anew: it lay in
          the same vault, and whoever has it signs tokens for any plant.
        </Notice>
      );
    case 'trusted':
      return (
        <Notice tone="attention">
          <strong>The old token key is still trusted.</strong> Issue new tokens here, then retire it under Token keys
          below, and push.
        </Notice>
      );
  }
}

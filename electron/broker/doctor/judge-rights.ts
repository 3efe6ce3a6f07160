// Who may read and write what, by the broker's own ACL file. Mosquitto 2.0 grants every subscription and swallows a
// publication that it does not allow, so the file often says more than the broker.

import { createAclEvaluator } from '../../../shared/model/mosquitto/acl.ts';
import type { ListenerFiles } from './listener-files.ts';
import { type Patient, type Suspicion, suspect } from './patient.ts';

export type Rights = {
  /** Undefined where the file does not tell. */
  readonly reads: boolean | undefined;
  readonly writes: boolean | undefined;
  /** What keeps the client from both, or the file from counting. */
  readonly suspicions: readonly Suspicion[];
};

const nothingKnown: Rights = { reads: undefined, writes: undefined, suspicions: [] };

/** `username`: as the broker sees it, the common name where it takes that. */
export function judgeRights(
  username: string | undefined,
  { identity: { clientId }, reads, writes }: Pick<Patient, 'identity' | 'reads' | 'writes'>,
  files: ListenerFiles | undefined,
): Rights {
  const acl = files?.acl;
  if (!acl) return nothingKnown;
  const [fault] = acl.faults;
  if (fault !== undefined) return { ...nothingKnown, suspicions: [suspect('broker/acl-broken', fault)] };
  const evaluator = createAclEvaluator(acl.value);
  const id = files.isClientIdForced ? (username ?? clientId) : clientId;
  const mayRead = reads === undefined ? undefined : evaluator.mayRead(username, id, reads);
  const mayWrite = writes === undefined ? undefined : evaluator.mayWrite(username, id, writes);
  const block = acl.value.blocks.find((one) => one.username === (username ?? null));
  const isMuted = block?.rules.some(({ access, topic }) => access === 'deny' && topic === '#') ?? false;
  const hasNothing = mayRead !== true && mayWrite !== true && (mayRead === false || mayWrite === false);
  const suspicions = isMuted
    ? [suspect('rights/muted')]
    : hasNothing && !block
      ? [suspect('rights/name-unknown', `the broker knows it as ${username ?? 'nobody'}`)]
      : [
          ...(mayRead === false ? [suspect('rights/read-missing', reads)] : []),
          ...(mayWrite === false ? [suspect('rights/write-missing', writes)] : []),
        ];
  return { reads: mayRead, writes: mayWrite, suspicions };
}

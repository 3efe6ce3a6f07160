// Whether an ACL lets strangers into the plants' topics. What others wrote into the file is kept; a pattern of theirs
// that opens every plant to everybody is not.

import { type Acl, createAclEvaluator } from '../../../shared/model/mosquitto/acl.ts';
import { plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../../shared/model/topics.ts';

/** Nobody's. */
const [stranger, victim] = ['7f6d7f4e-0000-4000-8000-00000000000a', '7f6d7f4e-0000-4000-8000-00000000000b'];

/** Whether a client that no block names could read or write what belongs to a plant. */
export function opensPlants({ patterns }: Pick<Acl, 'patterns'>): boolean {
  const acl = createAclEvaluator({ patterns, blocks: [] });
  return [...topicsWrittenByPlant, ...topicsReadByPlant].some((name) => {
    const topic = plantTopic(victim, name);
    // The client id is the client's own choice.
    return [stranger, victim].some((id) => acl.mayRead(stranger, id, topic) || acl.mayWrite(stranger, id, topic));
  });
}

// What a client of the practice broker may do: by the broker's own ACL files, or by a policy.

import type { AclEvaluator } from '../../shared/model/mosquitto/acl.ts';
import type { PolicyAdmission, PolicyQuestion } from './client-policy.ts';

export type Rights = { may(question: PolicyQuestion, topic: string): boolean };

/** Mosquitto's habit: SUBSCRIBE is always granted, and what may be read is decided at delivery. `acl` as it then is. */
export const rightsByFiles = (acl: () => AclEvaluator, username: string, clientId: string): Rights => ({
  may: (question, topic) => {
    switch (question) {
      case 'subscribe':
        return true;
      case 'publish':
        return acl().mayWrite(username, clientId, topic);
      case 'read':
        return acl().mayRead(username, clientId, topic);
    }
  },
});

/** A client that publishes all day is told once why it may not. */
const maxReports = 100;

/** Each refusal is reported once, with its reason. */
export function rightsByPolicy(
  admission: Exclude<PolicyAdmission, { readonly refused: string }>,
  report: (line: string) => void,
): Rights {
  const reported = new Set<string>();
  return {
    may: (question, topic) => {
      const { ok, reason } = admission.ask(question, topic);
      const line = `${question} of ${topic}: ${reason}.`;
      if (!ok && reported.size < maxReports && !reported.has(line)) {
        reported.add(line);
        report(line);
      }
      return ok;
    },
  };
}

/**
 * The token of a login: mosquitto-go-auth takes it as username with one of its backends, as password with another, and
 * then under a username.
 */
export function tokenOf(
  username: string,
  password: string,
): { readonly token: string; readonly username?: string } | undefined {
  if (isToken(username)) return { token: username };
  return isToken(password) ? { token: password, username } : undefined;
}

const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);

// How the console shows a broker that it is the console: by its certificate, or, where a broker asks for nothing but
// passwords, by one of its own. That one is generated, lies sealed in the vault, and holds for this broker alone, since
// it travels without TLS.

import { ConsoleError } from '../../shared/model/errors.ts';
import { generatePassword, hashPassword } from '../credentials/passwords.ts';
import type { BrokerRow, ConsoleAccountRow } from '../vault/rows/brokers.ts';
import { consoleIdentity, consoleUsername } from './console-identity.ts';
import { audit, type OperationContext } from './context.ts';

export type ConsoleCredential =
  | { readonly kind: 'certificate'; readonly certificatePem: string; readonly privateKeyPem: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

/** What is missing of it is made. Throws `authority/absent` for a broker that asks for a certificate. */
export async function consoleCredential(
  context: OperationContext,
  { profile, brokerId }: Pick<BrokerRow, 'profile' | 'brokerId'>,
): Promise<ConsoleCredential> {
  switch (profile) {
    case 'voke':
      return { kind: 'certificate', ...(await consoleIdentity(context)) };
    case 'plantops': {
      await prepareConsoleAccount(context, brokerId);
      const password = context.vault.brokers.consolePassword(brokerId);
      return { kind: 'password', username: consoleUsername, password };
    }
  }
}

/** What a broker's password file must know of the console, made when there is none. */
export async function prepareConsoleAccount(context: OperationContext, brokerId: string): Promise<ConsoleAccountRow> {
  const { brokers } = context.vault;
  const known = brokers.consoleAccount(brokerId);
  if (known) return known;
  const password = generatePassword();
  const row = { brokerId, passwordHash: await hashPassword(password) };
  return context.vault.transaction(() => {
    const meanwhile = brokers.consoleAccount(brokerId);
    if (meanwhile) return meanwhile;
    if (!brokers.get(brokerId)) throw new ConsoleError('broker/not-found', { details: { brokerId } });
    brokers.insertConsoleAccount(row, password);
    audit(context, 'broker.console-account', brokerId);
    return row;
  });
}

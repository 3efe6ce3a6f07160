// How a client proves itself. Exactly one secret is offered exactly once, since repeated failures lock accounts.
// A password goes by whichever method the server has: servers that leave logins to PAM alone have no `password`,
// only `keyboard-interactive`. Asking for the methods (`none`, RFC 4252, 5.2) counts as no attempt.

import type { AnyAuthMethod, AuthHandlerMiddleware, KeyboardInteractiveAuthMethod } from 'ssh2';
import { readPrivateKey } from './private-key.ts';

/** `socketPath` is that of an ssh-agent, or `pageant` on Windows. */
export type RemoteAuthentication =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'privateKey'; readonly privateKeyPem: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'agent'; readonly socketPath: string };

/** What ssh2 asks for the next way to log in. Throws `remote/invalid-private-key`. */
export async function loginHandler(
  username: string,
  authentication: RemoteAuthentication,
): Promise<AnyAuthMethod[] | AuthHandlerMiddleware> {
  switch (authentication.kind) {
    case 'password':
      return passwordHandler(username, authentication.password);
    case 'privateKey': {
      const key = await readPrivateKey(authentication.privateKeyPem, authentication.passphrase);
      return [{ type: 'publickey', username, key }];
    }
    case 'agent':
      return [{ type: 'agent', username, agent: authentication.socketPath }];
  }
}

function passwordHandler(username: string, password: string): AuthHandlerMiddleware {
  let hasAsked = false;
  let hasTried = false;
  return (methodsLeft, _partialSuccess, next) => {
    if (!hasAsked) {
      hasAsked = true;
      return next({ type: 'none', username });
    }
    // ssh2 ends the login at `false`, which its types leave out.
    if (hasTried) return Reflect.apply(next, undefined, [false]);
    hasTried = true;
    if (methodsLeft.includes('keyboard-interactive') && !methodsLeft.includes('password'))
      return next({ type: 'keyboard-interactive', username, prompt: answerOnce(password) });
    return next({ type: 'password', username, password });
  };
}

/** Answers the one question for a hidden text, once. A second question is another one: a code, or a new password. */
function answerOnce(password: string): KeyboardInteractiveAuthMethod['prompt'] {
  let hasAnswered = false;
  return (_name, _instructions, _language, prompts, finish) => {
    const isQuestion = prompts.length === 1 && prompts[0]?.echo === false && !hasAnswered;
    if (isQuestion) hasAnswered = true;
    finish(isQuestion ? [password] : []);
  };
}

// A secret stays on the clipboard for half a minute at most. A page may write to the clipboard only while it has the focus,
// so an overdue clearing waits for it. What the operator copied since then is left alone where the browser lets us look.

export const secretClipboardMs = 30_000;

/** False when the browser forbids it. */
export async function copyForGood(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies a secret and clears the clipboard after `secretClipboardMs`, or as soon as the window has the focus again. */
export async function copySecret(secret: string): Promise<boolean> {
  const isCopied = await copyForGood(secret);
  if (isCopied) window.setTimeout(() => void clear(secret), secretClipboardMs);
  return isCopied;
}

async function clear(secret: string): Promise<void> {
  if (!document.hasFocus()) {
    window.addEventListener('focus', () => void clear(secret), { once: true });
    return;
  }
  if (!(await isReplaced(secret))) await copyForGood('');
}

async function isReplaced(secret: string): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    return state === 'granted' && (await navigator.clipboard.readText()) !== secret;
  } catch {
    return false;
  }
}

// What a plant's status topic says. Its shape is not published, so only the plain words for it are understood: the text
// `offline`, or JSON whose `online` is false or whose `status` or `state` is such a word.

const offlineWords = new Set(['offline', 'disconnected', 'down', '0', 'false']);
const maxBytes = 1024;

/** Whether a status message, such as a will, says that its plant is gone. What is not understood says nothing. */
export function saysOffline(payload: Uint8Array): boolean {
  if (payload.byteLength === 0 || payload.byteLength > maxBytes) return false;
  const text = new TextDecoder().decode(payload).trim();
  if (!text.startsWith('{')) return isOfflineWord(text.replaceAll('"', ''));
  try {
    const { online, status, state } = JSON.parse(text) as Record<string, unknown>;
    return online === false || isOfflineWord(status) || isOfflineWord(state);
  } catch {
    return false;
  }
}

const isOfflineWord = (value: unknown): boolean => typeof value === 'string' && offlineWords.has(value.toLowerCase());

/** What the core takes of a file from a stick. */
const largest = 64 * 1024;

/**
 * The text of a file from a stick, which may be anybody's: cut where it is too large and never empty, so that the core
 * says of it what it says of every text that is not what was asked for.
 */
export const readStickFile = async (file: File): Promise<string> => (await file.slice(0, largest).text()) || '\n';

/** The text of a CSV file. Throws in words when it is not UTF-8: guessing would spoil the names of plants. */
export async function readCsvFile(file: Blob): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error('This file is not UTF-8. Save it as “CSV UTF-8” in your spreadsheet, and choose it again.');
  }
}

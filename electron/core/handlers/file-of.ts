import type { ExportedFile } from '../../operations/export-credential.ts';

/** What an operation exported, as the contract has files. */
export const fileOf = ({ name, type, content }: ExportedFile): File => new File([content], name, { type });

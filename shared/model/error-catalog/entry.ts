export type ErrorEntry = { readonly status: number; readonly title: string };
export type ErrorEntries = Readonly<Record<string, ErrorEntry>>;

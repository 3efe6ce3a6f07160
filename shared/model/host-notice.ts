/** For the host to show outside of the window; it names no secret. */
export type HostNotice = { readonly title: string; readonly body: string };

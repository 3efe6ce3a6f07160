import type { HostNotice } from '../../shared/model/host-notice.ts';

/** The part of Electron's Notification that is used. */
export type NotificationApi = {
  isSupported(): boolean;
  create(options: { title: string; body: string }): { show(): void };
};

/** Shows notices as the system does; where it has none, the screens tell. */
export const showNotice =
  (api: NotificationApi) =>
  ({ title, body }: HostNotice): void => {
    if (api.isSupported()) api.create({ title, body: withoutMarkup(body) }).show();
  };

/** Desktops on Linux take the body for HTML, and others show an escape as it is: so what would begin any is replaced. */
const withoutMarkup = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');

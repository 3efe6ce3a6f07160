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
    if (api.isSupported()) api.create({ title, body }).show();
  };

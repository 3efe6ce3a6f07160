import type { ErrorEntries } from './entry.ts';

/** Bundles, receipts and requests on a stick. */
export const bundlesErrors = {
  'offline/bundle-not-found': {
    status: 404,
    title: 'This vault knows no such bundle. Open the vault that exported it; nothing was changed.',
  },
  'offline/bundle-void': {
    status: 409,
    title: 'The credential of this bundle was superseded or revoked, so nothing was changed. Export a new bundle.',
  },
  'offline/credential-expired': {
    status: 409,
    title: 'The credential has ended, so no device could use it. Issue a new one and export that.',
  },
  'offline/receipt-unreadable': {
    status: 422,
    title: 'This is not a receipt of a bundle. Choose the file that ends in .receipt.txt; nothing was changed.',
  },
  'offline/receipt-not-authentic': {
    status: 422,
    title:
      'This receipt was altered, or not written by an installation of its bundle. Run the bundle on the device again to get a right one; nothing was changed.',
  },
  'offline/receipt-wrong-plant': {
    status: 409,
    title: 'This receipt belongs to another plant. Import it there; nothing was changed.',
  },
  'offline/receipt-imported': { status: 409, title: 'This receipt was imported already; nothing was changed.' },
  'offline/receipt-mismatch': {
    status: 422,
    title:
      'The device reports other files than the bundle brought, so the deployment does not count. Look at the device and run the bundle again.',
  },
  'offline/request-unreadable': {
    status: 422,
    title:
      'This is not a certificate request that proves its key. Choose the file that ends in .csr, or run the request kit again.',
  },
  'offline/request-wrong-plant': {
    status: 409,
    title: 'This certificate request names another plant. Import it there; nothing was issued.',
  },
  'offline/key-check-mismatch': {
    status: 409,
    title:
      'The key check is not that of this request, which may not come from the device. Compare what the device showed; nothing was issued.',
  },
} as const satisfies ErrorEntries;

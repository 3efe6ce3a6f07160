/** The steps of a change of authority, in order; an emergency begins after `issue`. */
export const stepOrder = ['announce', 'trust', 'issue', 'serve', 'renew', 'retire'] as const;

export type Step = (typeof stepOrder)[number];

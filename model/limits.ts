/** What must not happen at all. */
export const none = { warning: 1, critical: 1 } as const;

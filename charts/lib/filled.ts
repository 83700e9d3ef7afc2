/**
 * A list, or nothing where it is empty. The API server drops empty lists, and a manifest that has them is
 * "configured" anew at every apply.
 */
export const filled = <T>(list: T[]): T[] | undefined => (list.length ? list : undefined);

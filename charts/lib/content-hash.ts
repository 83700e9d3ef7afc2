import { createHash } from 'node:crypto';

/** A short name for content: the same for equal content, different for any other. */
export const contentHash = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 10);

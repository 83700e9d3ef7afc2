import { beginOf, type Day } from './day.ts';

/** What Zipkin keeps by the day. */
const kinds = ['span', 'dependency', 'autocomplete'] as const;

export const indexName = (index: string, kind: (typeof kinds)[number], day: Day): string => `${index}-${kind}-${day}`;

/**
 * The day of an index that Zipkin has made, by its name; undefined for any other.
 *
 * @param index what the names of Zipkin's indices begin with
 */
export function dayOfIndex(index: string, name: string): Day | undefined {
  const day = name.slice(-10);
  const isZipkins = /^\d{4}-\d{2}-\d{2}$/.test(day) && kinds.some((kind) => name === indexName(index, kind, day));
  return isZipkins && beginOf(day) !== undefined ? day : undefined;
}

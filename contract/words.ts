import { closest } from 'fastest-levenshtein';
import type { Vector } from './vector.ts';

/** `; did you mean "x"?`, the nearest of what there is, or nothing where there is nothing. */
export const nearest = (name: string, known: Iterable<string>): string => {
  const names = [...known];
  return names.length ? `; did you mean "${closest(name, names)}"?` : '';
};

/**
 * What to say of a label that is not there.
 *
 * @param what it was looked for on, such as the name of a metric
 */
export function missingLabel(what: string, label: string, { labels = new Set(), sample }: Vector): string {
  if (label === 'le' && sample === 'histogram')
    return `${what} has no label "le": a native histogram is one series, without buckets; leave "le" out`;
  if (labels.size === 0) return `${what} has no label "${label}", and none at all`;
  return `${what} has no label "${label}"${nearest(label, labels)} It has: ${[...labels].join(', ')}`;
}

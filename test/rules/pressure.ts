import type { RecordingCase } from './case.ts';

/** Cases of how near resources are to their knee. */

export type Series = Readonly<Record<string, string>>;

interface Facet {
  readonly resource: string;
  readonly facet: string;
  /** The label that says whose it is. */
  readonly by: string;
}

export const pressureOf = (resource: string, facet: string, by: string): Facet => ({ resource, facet, by });

/** @param values rounded to thousandths, by whose they are */
export const gives = (
  { resource, facet, by }: Facet,
  when: string,
  values: Readonly<Record<string, number>>,
  series: readonly Series[],
): RecordingCase => ({
  record: 'resource:pressure:ratio',
  when: `of ${resource}, ${facet}: ${when}`,
  series: Object.assign({}, ...series),
  query: `round(resource:pressure:ratio{resource="${resource}",facet="${facet}"}, 0.001)`,
  gives: Object.entries(values).map(([of, value]) => ({ labels: { resource, facet, of, [by]: of }, value })),
});
